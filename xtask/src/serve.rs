//! `cargo xtask serve`: a small server of static files with the headers that a strict host sends.

mod http;

use std::fs::File;
use std::io::{Write, stdout};
use std::net::{SocketAddr, TcpListener};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result};

use crate::site;
use http::{Answer, Request};

/// The content security policy of a strict host, with frames of the host itself for the frame page.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
     connect-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'; \
     require-trusted-types-for 'script'";

/// Arguments of `cargo xtask serve`.
#[derive(clap::Args)]
pub struct Arguments {
    /// The port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The folder to serve [default: site/]
    folder: Option<PathBuf>,
}

/// Runs the command: prints the address on standard output and serves until it is stopped.
pub fn run(arguments: &Arguments) -> Result<()> {
    let folder = arguments.folder.clone().unwrap_or_else(site::folder);
    let server = Static::start(folder, arguments.port)?;
    println!("{}", server.address());
    stdout().flush()?;
    server.wait();
    Ok(())
}

/// A running server.
pub struct Static {
    address: SocketAddr,
    thread: JoinHandle<()>,
}

impl Static {
    /// Starts to serve a folder on this machine alone.
    pub fn start(folder: PathBuf, port: u16) -> Result<Self> {
        let folder = folder.canonicalize().with_context(|| {
            format!("{} is not there: `cargo xtask site` assembles it", crate::workspace::shown(&folder))
        })?;
        let listener = TcpListener::bind(("127.0.0.1", port))
            .with_context(|| format!("port {port} is not free: name another with --port, or 0 for any"))?;
        let address = listener.local_addr()?;
        let folder: Arc<Path> = folder.into();
        let thread = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let folder = Arc::clone(&folder);
                // A thread for each connection: browsers keep idle ones open, and none may keep another waiting.
                thread::spawn(move || {
                    // A reader who went away is no error of the server.
                    let _ = http::serve(&stream, |request| answer(request, &folder));
                });
            }
        });
        Ok(Self { address, thread })
    }

    /// The address of the first page.
    pub fn address(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves until the process ends.
    pub fn wait(self) {
        let _ = self.thread.join();
    }
}

fn answer(request: &Request, folder: &Path) -> Answer {
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return Answer::text("405 Method Not Allowed", "only GET and HEAD\n");
    }
    let found = find(folder, &request.target).and_then(|path| Some((content_type(&path), File::open(path).ok()?)));
    match found {
        Some((kind, file)) => Answer::file(file, headers(kind)),
        None => Answer::text("404 Not Found", "not found\n"),
    }
}

fn headers(content_type: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("Content-Type", content_type),
        ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
        ("Cache-Control", "no-cache"),
        ("X-Content-Type-Options", "nosniff"),
    ]
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("csv") => "text/csv; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("md" | "txt" | "ts") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The file that an address means, if it lies inside the folder.
fn find(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let relative = PathBuf::from(decode(path)?.trim_start_matches('/'));
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let mut found = folder.join(relative);
    if found.is_dir() {
        found.push("index.html");
    }
    // A link inside the folder must not lead out of it either.
    let found = found.canonicalize().ok()?;
    (found.starts_with(folder) && found.is_file()).then_some(found)
}

/// Undoes percent-encoding; nothing if it is broken.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use super::{Static, content_type, decode, find};

    /// What the server answers to requests on one connection, until it closes it.
    fn ask(server: &Static, requests: &str) -> String {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.write_all(requests.as_bytes()).unwrap();
        let mut told = String::new();
        stream.read_to_string(&mut told).unwrap();
        told
    }

    #[test]
    fn a_connection_answers_one_request_after_the_other() {
        let folder = crate::workspace::scratch().join("serve-answers");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("index.html"), "first page").unwrap();
        let server = Static::start(folder, 0).unwrap();
        // An idle connection stays open meanwhile.
        let _idle = TcpStream::connect(server.address).unwrap();
        let told = ask(
            &server,
            "GET / HTTP/1.1\r\n\r\nHEAD /?x HTTP/1.1\r\n\r\nGET /no HTTP/1.1\r\nConnection: close\r\n\r\n",
        );
        let answers: Vec<&str> = told.split("HTTP/1.1 ").skip(1).collect();
        assert_eq!(answers.len(), 3, "{told}");
        assert!(answers[0].starts_with("200 OK\r\n") && answers[0].ends_with("\r\n\r\nfirst page"), "{told}");
        for header in
            ["Content-Length: 10", "Content-Type: text/html; charset=utf-8", "Content-Security-Policy: default"]
        {
            assert!(answers[0].contains(header) && answers[1].contains(header), "{header}: {told}");
        }
        assert!(answers[1].ends_with("\r\n\r\n"), "HEAD has no body: {told}");
        assert!(answers[2].starts_with("404 Not Found\r\n"), "{told}");
    }

    #[test]
    fn other_methods_and_broken_requests_are_refused_and_end_the_connection() {
        let folder = crate::workspace::scratch().join("serve-refuses");
        fs::create_dir_all(&folder).unwrap();
        let server = Static::start(folder, 0).unwrap();
        let told = ask(&server, "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody");
        assert!(told.starts_with("HTTP/1.1 405 "), "{told}");
        assert!(ask(&server, "no request\r\n\r\n").starts_with("HTTP/1.1 400 "));
        assert!(ask(&server, &format!("GET /{} HTTP/1.1\r\n", "x".repeat(100_000))).starts_with("HTTP/1.1 400 "));
    }

    #[test]
    fn an_address_never_leads_out_of_the_folder() {
        let folder = crate::workspace::scratch().join("serve-test");
        fs::create_dir_all(folder.join("site/sub")).unwrap();
        fs::write(folder.join("secret.txt"), "x").unwrap();
        fs::write(folder.join("site/index.html"), "x").unwrap();
        fs::write(folder.join("site/sub/a b.js"), "x").unwrap();
        let site = folder.join("site").canonicalize().unwrap();
        assert_eq!(find(&site, "/"), Some(site.join("index.html")));
        assert_eq!(find(&site, "/index.html?view=funnel"), Some(site.join("index.html")));
        assert_eq!(find(&site, "/sub/a%20b.js"), Some(site.join("sub/a b.js")));
        for outside in
            ["/../secret.txt", "/%2e%2e/secret.txt", "/sub/../../secret.txt", "/..%2fsecret.txt", "//etc/hostname"]
        {
            assert_eq!(find(&site, outside), None, "{outside}");
        }
        assert_eq!(find(&site, "/sub"), None, "a folder without a page is no page");
    }

    #[test]
    fn broken_escapes_are_no_address() {
        assert_eq!(decode("/a%2"), None);
        assert_eq!(decode("/a%zz"), None);
        assert_eq!(decode("/a%00"), None);
        assert_eq!(decode("/%C3%A9").as_deref(), Some("/é"));
    }

    #[test]
    fn wasm_streams_only_under_its_own_type() {
        assert_eq!(content_type("x_bg.wasm".as_ref()), "application/wasm");
    }
}
