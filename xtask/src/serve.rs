//! `cargo xtask serve`: a small server of static files with the headers that a strict host sends.

use std::fs::File;
use std::io::{Write, stdout};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use crate::site;

/// The content security policy of a strict host, with frames of the host itself for the frame page.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
     connect-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'; \
     require-trusted-types-for 'script'";

/// Enough that a page's many small files don't wait for one large one.
const THREADS: usize = 8;

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
    server: Arc<Server>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Static {
    /// Starts to serve a folder on this machine alone.
    pub fn start(folder: PathBuf, port: u16) -> Result<Self> {
        let folder = folder.canonicalize().with_context(|| {
            format!("{} is not there: `cargo xtask site` assembles it", crate::workspace::shown(&folder))
        })?;
        let server = Server::http(("127.0.0.1", port))
            .map_err(|error| anyhow!("port {port} is not free ({error}): name another with --port, or 0 for any"))?;
        let server = Arc::new(server);
        let folder = Arc::new(folder);
        let threads = (0..THREADS)
            .map(|_| {
                let (server, folder) = (Arc::clone(&server), Arc::clone(&folder));
                thread::spawn(move || {
                    for request in server.incoming_requests() {
                        // A reader who went away is no error of the server.
                        let _ = answer(request, &folder);
                    }
                })
            })
            .collect();
        Ok(Self { server, threads })
    }

    /// The address of the first page.
    pub fn address(&self) -> String {
        match self.server.server_addr().to_ip() {
            Some(address) => format!("http://127.0.0.1:{}/", address.port()),
            None => String::new(),
        }
    }

    /// Serves until the process ends.
    pub fn wait(self) {
        for thread in self.threads {
            let _ = thread.join();
        }
    }
}

fn answer(request: Request, folder: &Path) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::from_string("only GET and HEAD\n").with_status_code(StatusCode(405)));
    }
    match find(folder, request.url()) {
        Some(path) => {
            let mut response = Response::from_file(File::open(&path)?);
            // The length is known: chunks would only hide it from progress bars.
            response = response.with_chunked_threshold(usize::MAX);
            for (name, value) in headers(&path) {
                if let Ok(header) = Header::from_bytes(name, value) {
                    response.add_header(header);
                }
            }
            request.respond(response)
        }
        None => request.respond(Response::from_string("not found\n").with_status_code(StatusCode(404))),
    }
}

fn headers(path: &Path) -> [(&'static str, &'static str); 4] {
    [
        ("Content-Type", content_type(path)),
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

    use super::{content_type, decode, find};

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
