//! Two servers on one PostgreSQL and an edge of the first, each of which may be killed and started again.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::edges::{Edge, api_client};
use crate::support::storefront::go_live;
use crate::support::{self, Node, Storage, create_operator};

/// The three of them: two servers, and the edge last.
pub const EDGE: usize = 2;

/// One of the three, or nobody while it is killed.
pub enum Place {
    Server(Node),
    Edge(Edge),
    Nobody,
}

/// Everything that runs, and how to start it again.
pub struct Cluster {
    pub storage: Storage,
    base_url: String,
    pub addresses: [String; 3],
    follower: (String, String),
    pub places: Mutex<[Place; 3]>,
    /// Grows when one of them is killed and when it is back.
    changes: [AtomicUsize; 3],
}

impl Cluster {
    fn server(storage: &Storage, listen: &str, base_url: &str) -> Node {
        Node::start_with(storage, listen, &[("SEATLINE_BASE_URL", base_url)])
    }

    pub fn start(url: String) -> Self {
        let storage = Storage::Postgres(url);
        create_operator(&storage);
        let base_url = "https://market.example".to_owned();
        let servers = [(); 2].map(|()| Self::server(&storage, "127.0.0.1:0", &base_url));
        support::sell(&servers[0], 1_000);
        go_live(&servers[0]);
        let operator = servers[0].sign_in("operator@marketplace.example");
        let follower = api_client(&operator, &["rights.follow"]);
        let edge = Edge::start(&servers[0].address, &follower.0, &follower.1);
        edge.wait_for(|health| health["ready"] == true);
        let addresses = [servers[0].address.clone(), servers[1].address.clone(), edge.url.clone()];
        let [one, other] = servers.map(Place::Server);
        let places = Mutex::new([one, other, Place::Edge(edge)]);
        Self { storage, base_url, addresses, follower, places, changes: Default::default() }
    }

    pub fn kill(&self, which: usize) {
        self.changes[which].fetch_add(1, Ordering::SeqCst);
        match std::mem::replace(&mut self.places.lock().unwrap()[which], Place::Nobody) {
            Place::Server(node) => node.kill(),
            Place::Edge(edge) => drop(edge),
            Place::Nobody => {}
        }
    }

    pub fn start_again(&self, which: usize) {
        let listen = self.addresses[which].strip_prefix("http://").unwrap();
        let place = if which == EDGE {
            let (id, secret) = &self.follower;
            Place::Edge(Edge::start_with(&self.addresses[0], (id, secret), &["--listen", listen]))
        } else {
            Place::Server(Self::server(&self.storage, listen, &self.base_url))
        };
        self.places.lock().unwrap()[which] = place;
        self.changes[which].fetch_add(1, Ordering::SeqCst);
    }

    pub fn change(&self, which: usize) -> usize {
        self.changes[which].load(Ordering::SeqCst)
    }
}
