//! Where a connection to PostgreSQL leads, and that the driver has signed in on it.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, TcpStream, UnixStream, lookup_host};
use tokio_postgres::config::{Host, TargetSessionAttrs};
use tokio_postgres::{Config, NoTls};

use crate::DbError;

/// Bytes to the server and back.
pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin + Send + Sync {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + Sync> Socket for S {}

/// One of the hosts of an address, and the port there.
pub(super) struct Named {
    host: Host,
    port: u16,
}

/// Where one of them is.
pub(super) enum Place {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// All of an address, in the order in which they are tried.
pub(super) fn hosts(config: &Config) -> Vec<Named> {
    let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let named = |at: usize| {
        let address = addresses.get(at).map(|address| Host::Tcp(address.to_string()));
        let host = address.or_else(|| hosts.get(at).cloned())?;
        Some(Named { host, port: ports.get(at).or(ports.first()).copied().unwrap_or(5432) })
    };
    (0..hosts.len().max(addresses.len())).filter_map(named).collect()
}

impl Named {
    /// A name may be that of several: each is tried.
    pub(super) async fn places(&self) -> io::Result<Vec<Place>> {
        match &self.host {
            Host::Tcp(name) => Ok(lookup_host((name.as_str(), self.port)).await?.map(Place::Tcp).collect()),
            Host::Unix(folder) => Ok(vec![Place::Unix(folder.join(format!(".s.PGSQL.{}", self.port)))]),
        }
    }
}

/// A socket on which the server waits for statements: the driver signs in, and is not needed any more.
pub(super) async fn connect(config: &Config, place: &Place) -> Result<Box<dyn Socket>, DbError> {
    let connected = async {
        let mut socket: Box<dyn Socket> = match place {
            Place::Tcp(address) => Box::new(tcp(config, *address).await.map_err(lost)?),
            Place::Unix(path) => Box::new(UnixStream::connect(path).await.map_err(lost)?),
        };
        drop(config.connect_raw(&mut socket, NoTls).await?);
        Ok(socket)
    };
    let limit = config.get_connect_timeout().copied().unwrap_or(Duration::MAX);
    tokio::time::timeout(limit, connected).await.map_err(|error| lost(error.into()))?
}

async fn tcp(config: &Config, address: SocketAddr) -> io::Result<TcpStream> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_keepalive(config.get_keepalives())?;
    socket.set_nodelay(true)?;
    socket.connect(address).await
}

/// What `transaction_read_only` must be where the address says so: it may name hosts that follow another.
pub(super) fn read_only(config: &Config) -> Option<&'static str> {
    match config.get_target_session_attrs() {
        TargetSessionAttrs::ReadWrite => Some("off"),
        TargetSessionAttrs::ReadOnly => Some("on"),
        _ => None,
    }
}

/// The server does not answer, or not in its language.
pub(super) fn lost(error: io::Error) -> DbError {
    DbError::unavailable("PostgreSQL", error)
}
