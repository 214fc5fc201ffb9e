//! A real edge, and a marketplace that lies to it.

#[expect(dead_code, reason = "the tests of the SDK use the rest of it")]
#[path = "../../../sdk/tests/sdk/support/mod.rs"]
mod support;

use support::lies::{GRACE, LIES, liar};

use crate::support::edges::Edge;

/// CHK-09: an edge that is lied to shows what is wrong, knows no tenant that it should not, and answers nobody once
/// the declared grace is over.
#[test]
fn an_edge_that_is_lied_to_says_so_and_answers_no_longer_than_the_grace() {
    let edges = LIES.map(|(lie, _)| (lie, liar(lie)));
    let edges = edges.map(|(lie, server)| (lie, Edge::start(&server.address, "cli_1", "secret"), server));
    for (_, edge, _) in &edges {
        edge.wait_for(|health| health["at"].is_i64());
    }
    for (lie, edge, _) in &edges {
        let health = edge.wait_for(|health| health["ready"] == false);
        assert!(health["age_seconds"].as_f64() >= Some(f64::from(GRACE)), "{lie}: {health}");
        assert_eq!(health["tenants"], 1, "{lie}: {health}");
        let of_lines = ["steps", "gap", "snapshot", "tenant", "marketplace", "clock"];
        let of_a_line = of_lines.iter().any(|kind| lie.contains(kind));
        assert_eq!(health["last_fault"].is_string(), of_a_line, "{lie}: {health}");
    }
}
