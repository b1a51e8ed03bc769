use std::io::Read;
use bron::source::*;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| a != "--offline").collect();
    if args[0] == "feed" {
        let bytes = std::fs::read(&args[2]).unwrap();
        let feed = match feed_rs::parser::parse(&bytes[..]) { Ok(f) => f, Err(e) => { eprintln!("{e}"); std::process::exit(1) } };
        let entries: Vec<_> = feed.entries.iter().map(|e| serde_json::json!({
            "content_html": e.content.as_ref().and_then(|c| c.body.clone()), "summary_html": e.summary.as_ref().map(|s| s.content.clone()), "url": e.links.first().map(|l| l.href.clone())})).collect();
        println!("{}", serde_json::json!({"entries": entries}));
        return;
    }
    let base = args.iter().position(|a| a == "--base-url").map(|i| args[i + 1].clone()).unwrap_or("https://example.com/".into());
    let url = url::Url::parse(&base).unwrap();
    let mut bytes = vec![];
    std::io::stdin().read_to_end(&mut bytes).unwrap();
    let mut html = String::from_utf8_lossy(&bytes).into_owned();
    let full = args.iter().any(|a| a == "--full");
    if full {
        let mut r = dom_smoothie::Readability::new(html.as_str(), Some(&base), None).unwrap();
        html = r.parse().map(|a| a.content.to_string()).unwrap_or_default();
    }
    let fields = FieldLinks::default();
    let t = std::time::Instant::now();
    let c = collect(&Subject { html: &html, url: &url, feed_site: None, feed_url: None, fields: &fields, extracted: full, boilerplate: &[] });
    let took = t.elapsed();
    for s in &c.sources {
        println!("{}", serde_json::json!({"n": s.n, "url": s.url.as_str(), "display_url": s.display.as_str(), "key": s.key, "role": s.role.name(), "strength": s.strength, "anchor": s.anchor.as_str(), "kind": s.kind.name(), "reason": s.reason, "place": s.place, "primary": s.primary}));
    }
    if args.iter().any(|a| a == "--all") {
        for l in &c.left_out { println!("{}", serde_json::json!({"n": null, "url": l.url, "anchor": l.anchor.as_str(), "left_out": l.reason, "place": l.place})); }
        eprintln!("{took:?}");
    }
}
