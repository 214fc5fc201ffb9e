//! Packages that are fetched (PKG-09).

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::offer;
use crate::Settings;
use crate::kit::outbound::{Network, OutboundSettings};
use crate::testing::story::package_for;
use crate::testing::{World, flow};

/// A server on this machine; `answer` is given the path that was asked for.
fn server(answer: impl Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || {
                let mut stream = stream?;
                let mut reader = BufReader::new(stream.try_clone()?);
                let (mut first, mut line) = (String::new(), String::new());
                reader.read_line(&mut first)?;
                while reader.read_line(&mut line)? > 2 {
                    line.clear();
                }
                answer(first.split(' ').nth(1).unwrap_or_default(), &mut stream)
            });
        }
    });
    url
}

fn send(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", bytes.len())?;
    stream.write_all(bytes)
}

/// The same marketplace, to which this one address is open though it is not public.
async fn open_to_this_machine(world: &World, limits: Settings) -> World {
    let outbound =
        OutboundSettings { allow_http: true, allow_networks: vec![Network::parse("127.0.0.1/32").unwrap()] };
    world.another_node(Settings { outbound, ..limits }).await
}

flow!(
    /// PKG-09: a package is fetched from its address, and once more when the offer is published: what is certified
    /// is what is there then. The token in the address is shown to nobody.
    a_package_is_fetched_and_fetched_again,
    |world: World| async move {
        let world = open_to_this_machine(&world, Settings::default()).await;
        let fabrikam = world.publisher("fabrikam").await;
        world.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let good = package_for(&["fabrikam.f365.gold".to_owned()]);
        let versions = [good.clone(), good, package_for(&["fabrikam.other.gold".to_owned()])];
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let url = server(move |_, stream| send(stream, &versions[count.fetch_add(1, Ordering::Relaxed).min(2)]));
        let body = json!({ "url": format!("{url}/app.zip?sig=secret") });
        let fetched = fabrikam.put("/offers/f365/package-url", body).await.created();
        assert_eq!(fetched["report"]["errors"], 0, "{fetched:#}");
        assert_eq!(fetched["source"], format!("{url}/app.zip"));
        let published = fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        assert_eq!((&published["status"], asked.load(Ordering::Relaxed)), (&json!("publish_in_progress"), 2));
        let kept = fabrikam.get("/offers/f365/package").await.ok();
        assert_eq!(kept["id"], fetched["id"], "the same bytes are the same package");
        fabrikam.post("/offers/f365/cancel-publish", json!({})).await.ok();
        let failed = fabrikam.post("/offers/f365/publish", json!({})).await.ok();
        assert_eq!(failed["status"], "attention_needed", "what is there now belongs to another offer");
        let events = fabrikam.get("/events?limit=1000").await.ok().to_string();
        assert!(!events.contains("secret") && !failed.to_string().contains("secret"));
    }
);

flow!(
    /// PKG-09: no address of the inside is fetched from, nor after a redirect; one that can be seen to be local is
    /// refused when it is typed.
    the_inside_is_not_fetched_from,
    |world: World| async move {
        offer(&world).await;
        let closed = world.another_node(Settings::default()).await;
        let fabrikam = closed.sign_in("admin@fabrikam.example").await;
        for url in [
            "http://example.com/app.zip", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.7/", "https://169.254.169.254/",
            "https://localhost/app.zip", "https://app.localhost/", "https://2130706433/", "https://0x7f.1/",
            "https://[::ffff:10.0.0.7]/", "ftp://example.com/", "https://user:pass@example.com/", "nothing",
        ] {
            let wrong = fabrikam.put("/offers/f365/package-url", json!({ "url": url })).await.wrong_fields();
            assert_eq!(wrong, [("url".to_owned(), "url.not_allowed".to_owned())], "{url}");
        }
        let inside = TcpListener::bind("127.0.0.2:0").unwrap();
        inside.set_nonblocking(true).unwrap();
        let target = format!("http://{}/latest/meta-data", inside.local_addr().unwrap());
        let redirects = server(move |_, stream| {
            write!(stream, "HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n")
        });
        let open = open_to_this_machine(&world, Settings::default()).await;
        let fabrikam = open.sign_in("admin@fabrikam.example").await;
        fabrikam.put("/offers/f365/package-url", json!({ "url": redirects })).await.refused(422, "package.url_not_allowed");
        assert_eq!(inside.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "nobody came");
        fabrikam.get("/offers/f365/package").await.refused(404, "package.none");
    }
);

flow!(
    /// PKG-09: a name is resolved once, and what of its answers is closed is dropped before anything is connected to:
    /// a name that answers with the inside, too, or that answers differently the next time, gains nothing.
    of_a_names_addresses_only_open_ones_are_reached,
    |world: World| async move {
        let open = open_to_this_machine(&world, Settings::default()).await;
        let fabrikam = open.publisher("fabrikam").await;
        open.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let bytes = package_for(&["fabrikam.f365.gold".to_owned()]);
        let url = server(move |_, stream| send(stream, &bytes));
        let port: u16 = url.rsplit(':').next().unwrap().parse().unwrap();
        // The same name and port, on an address that is closed; where the machine has no such address, nothing to reach.
        let inside = TcpListener::bind(("::1", port));
        let body = json!({ "url": format!("http://localhost:{port}/app.zip") });
        fabrikam.put("/offers/f365/package-url", body).await.created();
        if let Ok(inside) = inside {
            inside.set_nonblocking(true).unwrap();
            assert_eq!(inside.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "nobody came");
        }
        let closed = OutboundSettings { allow_http: true, ..OutboundSettings::default() };
        let closed = world.another_node(Settings { outbound: closed, ..Settings::default() }).await;
        let fabrikam = closed.sign_in("admin@fabrikam.example").await;
        let body = json!({ "url": format!("http://localhost:{port}/app.zip") });
        let wrong = fabrikam.put("/offers/f365/package-url", body).await.wrong_fields();
        assert_eq!(wrong, [("url".to_owned(), "url.not_allowed".to_owned())]);
        // What the name led to when it was fetched counts for nothing when it is fetched again.
        fabrikam.post("/offers/f365/publish", json!({})).await.refused(422, "package.url_not_allowed");
        assert_eq!(fabrikam.get("/offers/f365").await.ok()["status"], "draft");
    }
);

flow!(
    /// PKG-09: a body without end stops at the limit of size, a slow one at the limit of time; what is no answer or
    /// no package is told as that; another publisher's offer is not fetched for.
    what_does_not_end_is_broken_off,
    |world: World| async move {
        offer(&world).await;
        let limits = Settings { package_bytes_max: 100_000, package_fetch_seconds: 1, ..Settings::default() };
        let narrow = open_to_this_machine(&world, limits).await;
        let fabrikam = narrow.sign_in("admin@fabrikam.example").await;
        let url = server(|path, stream| match path {
            "/gone" => write!(stream, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
            "/page" => send(stream, b"<html>Sign in</html>"),
            "/silent" => {
                // Until the other side has had enough.
                std::io::Read::read(stream, &mut [0]).map(|_| ())
            }
            _ => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
                loop {
                    stream.write_all(&[b'x'; 4096])?;
                }
            }
        });
        for (path, status, code) in [
            ("endless", 413, "package.too_large"),
            ("silent", 422, "package.not_fetched"),
            ("gone", 422, "package.not_fetched"),
            ("page", 422, "package.unreadable"),
        ] {
            let body = json!({ "url": format!("{url}/{path}") });
            fabrikam.put("/offers/f365/package-url", body).await.refused(status, code);
        }
        let litware = narrow.publisher("litware").await;
        let body = json!({ "url": format!("{url}/gone") });
        litware.put("/offers/f365/package-url", body).await.refused(404, "resource.not_found");
    }
);

flow!(
    /// PKG-09: an access token in the address that has ended blocks fetching and publishing, and that is the reason.
    an_ended_token_blocks_publishing,
    |world: World| async move {
        let open = open_to_this_machine(&world, Settings::default()).await;
        let fabrikam = open.publisher("fabrikam").await;
        open.complete_draft(&fabrikam, "f365", &["gold"]).await;
        let bytes = package_for(&["fabrikam.f365.gold".to_owned()]);
        let url = server(move |_, stream| send(stream, &bytes));
        let end = open.now().plus_seconds(60).to_string();
        let body = json!({ "url": format!("{url}/app.zip?se={}&sig=secret", end.replace(':', "%3A")) });
        fabrikam.put("/offers/f365/package-url", body.clone()).await.created();
        open.pass_seconds(61);
        let refused = fabrikam.post("/offers/f365/publish", json!({})).await.refused(409, "package.url_expired");
        assert!(refused["detail"].as_str().unwrap().contains(&end), "{refused}");
        assert_eq!(fabrikam.get("/offers/f365").await.ok()["status"], "draft");
        fabrikam.put("/offers/f365/package-url", body).await.refused(409, "package.url_expired");
        let again = open.now().plus_seconds(600).to_string().replace(':', "%3A");
        let body = json!({ "url": format!("{url}/app.zip?se={again}&sig=secret") });
        fabrikam.put("/offers/f365/package-url", body).await.created();
        assert_eq!(fabrikam.post("/offers/f365/publish", json!({})).await.ok()["status"], "publish_in_progress");
    }
);
