//! As much HTTP/1.1 as browsers need for static files.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// The longest request line and headers; browsers send a few hundred bytes.
const HEAD_LIMIT: usize = 1 << 16;

/// How long the other side may take to close a connection that has ended.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was asked for.
pub struct Request {
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// Whether the connection ends with this request.
    last: bool,
}

/// What is answered.
pub struct Answer {
    status: &'static str,
    headers: Vec<(&'static str, &'static str)>,
    body: Body,
}

enum Body {
    Text(&'static str),
    File(File),
}

impl Answer {
    pub fn file(file: File, headers: Vec<(&'static str, &'static str)>) -> Self {
        Self { status: "200 OK", headers, body: Body::File(file) }
    }

    pub fn text(status: &'static str, text: &'static str) -> Self {
        Self { status, headers: vec![("Content-Type", "text/plain; charset=utf-8")], body: Body::Text(text) }
    }

    fn write(self, mut stream: &TcpStream, request: &Request) -> io::Result<()> {
        let length = match &self.body {
            Body::Text(text) => text.len() as u64,
            Body::File(file) => file.metadata()?.len(),
        };
        let mut head = format!("HTTP/1.1 {}\r\nContent-Length: {length}\r\n", self.status);
        for (name, value) in self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if request.last {
            head.push_str("Connection: close\r\n");
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes())?;
        if request.method == "HEAD" {
            return Ok(());
        }
        match self.body {
            Body::Text(text) => stream.write_all(text.as_bytes()),
            // Never more than was announced, even if the file has grown.
            Body::File(file) => match io::copy(&mut file.take(length), &mut stream)? {
                copied if copied < length => Err(io::ErrorKind::UnexpectedEof.into()),
                _ => Ok(()),
            },
        }
    }
}

/// Answers the requests of one connection until it ends.
pub fn serve(mut stream: &TcpStream, answer: impl Fn(&Request) -> Answer) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut read = Vec::new();
    loop {
        let request = match parse(&read) {
            Ok(Some((request, length))) => {
                read.drain(..length);
                request
            }
            Ok(None) if read.len() < HEAD_LIMIT => {
                let mut chunk = [0; 4096];
                let length = stream.read(&mut chunk)?;
                if length == 0 {
                    return Ok(());
                }
                read.extend_from_slice(&chunk[..length]);
                continue;
            }
            Ok(None) | Err(_) => {
                let request = Request { method: String::new(), target: String::new(), last: true };
                Answer::text("400 Bad Request", "this is no HTTP request\n").write(stream, &request)?;
                return finish(stream);
            }
        };
        answer(&request).write(stream, &request)?;
        if request.last {
            return finish(stream);
        }
    }
}

/// Reads on until the other side has seen the answer: closing with bytes unread would take the answer away from it.
fn finish(mut stream: &TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut limit = (&mut stream).take(HEAD_LIMIT as u64 * 16);
    io::copy(&mut limit, &mut io::sink())?;
    Ok(())
}

/// The first whole request and its length.
fn parse(bytes: &[u8]) -> Result<Option<(Request, usize)>, httparse::Error> {
    let mut headers = [httparse::EMPTY_HEADER; 128];
    let mut parsed = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = parsed.parse(bytes)? else { return Ok(None) };
    let method = parsed.method.unwrap_or_default().to_owned();
    let says = |name: &str, value: &str| {
        parsed.headers.iter().any(|header| {
            header.name.eq_ignore_ascii_case(name)
                && (value.is_empty() || header.value.eq_ignore_ascii_case(value.as_bytes()))
        })
    };
    // A body is never read, so it can't be told from a next request.
    let body = says("content-length", "") || says("transfer-encoding", "");
    let last = body || says("connection", "close") || parsed.version == Some(0);
    Ok(Some((Request { method, target: parsed.path.unwrap_or_default().to_owned(), last }, length)))
}
