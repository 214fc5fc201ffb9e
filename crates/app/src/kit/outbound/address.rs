//! Which addresses may be connected to: what is reachable for everybody, and networks named by the operator.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use types::Violation;

/// A network in CIDR notation: `10.1.0.0/16`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    prefix: u32,
}

impl Network {
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let wrong =
            || Violation::new("network.malformed", "must be a network such as 10.1.0.0/16 or fd00::/8");
        let (base, prefix) = text.trim().split_once('/').ok_or_else(wrong)?;
        let base: IpAddr = base.parse().map_err(|_| wrong())?;
        let prefix: u32 = prefix.parse().map_err(|_| wrong())?;
        let bits = if base.is_ipv4() { 32 } else { 128 };
        if prefix > bits { Err(wrong()) } else { Ok(Self { base, prefix }) }
    }

    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => shares_v4(base, address, self.prefix),
            (IpAddr::V6(base), IpAddr::V6(address)) => shares_v6(base, address, self.prefix),
            _ => false,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.prefix)
    }
}

fn shares_v4(one: Ipv4Addr, other: Ipv4Addr, prefix: u32) -> bool {
    let mask = u32::MAX.checked_shl(32 - prefix).unwrap_or_default();
    one.to_bits() & mask == other.to_bits() & mask
}

fn shares_v6(one: Ipv6Addr, other: Ipv6Addr, prefix: u32) -> bool {
    let mask = u128::MAX.checked_shl(128 - prefix).unwrap_or_default();
    one.to_bits() & mask == other.to_bits() & mask
}

/// Of the IANA registry of special-purpose addresses, and the one public address that is a cloud's inside.
const CLOSED_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 3),
    // Azure's metadata and agents.
    ([168, 63, 129, 16], 32),
];

/// What is global unicast is open, but these: tunnels (Teredo, 6to4), protocol assignments, documentation.
const OPEN_V6: ([u16; 8], u32) = ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);
const CLOSED_V6: &[([u16; 8], u32)] = &[
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];
/// Addresses of an IPv4 network as DNS64 hands them out: decided by what they lead to.
const NAT64: ([u16; 8], u32) = ([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);

/// The address that is really meant: IPv4 inside of IPv6 is taken out.
pub(super) fn canonical(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let mapped = v6.to_ipv4_mapped();
    let translated = within(v6, NAT64).then(|| {
        let [.., a, b, c, d] = v6.octets();
        Ipv4Addr::new(a, b, c, d)
    });
    mapped.or(translated).map_or(address, IpAddr::V4)
}

/// What a host can be seen to be before any name is resolved.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    Name,
    /// An address in any notation, or the name that is this machine everywhere: any of these.
    Addresses(Vec<IpAddr>),
    /// Neither, such as a number too large.
    Nothing,
}

pub(super) fn typed(host: &str) -> Typed {
    if let Some(inner) = host.strip_prefix('[') {
        let address = inner.trim_end_matches(']').parse().ok();
        return address.map_or(Typed::Nothing, |address| Typed::Addresses(vec![IpAddr::V6(address)]));
    }
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    if last == "localhost" {
        return Typed::Addresses(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
    }
    // No name ends in a number, so such a host is an address (WHATWG URL).
    if number(last).is_none() && !last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Typed::Name;
    }
    loose_v4(&host).map_or(Typed::Nothing, |address| Typed::Addresses(vec![address.into()]))
}

/// As resolvers read it: one to four numbers, decimal, octal or hexadecimal, the last one for all that is left.
fn loose_v4(host: &str) -> Option<Ipv4Addr> {
    let numbers: Vec<u32> = host.split('.').map(number).collect::<Option<_>>()?;
    let (last, first) = numbers.split_last()?;
    if first.len() > 3 || first.iter().any(|part| *part > 255) {
        return None;
    }
    let left = 32 - 8 * u32::try_from(first.len()).ok()?;
    if last.checked_shr(left).is_some_and(|over| over > 0) {
        return None;
    }
    let shifted = |bits: u32, part: &u32| (bits << 8) | part;
    let high = first.iter().fold(0, shifted).checked_shl(left).unwrap_or_default();
    Some(Ipv4Addr::from(high | last))
}

fn number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None if text.len() > 1 && text.starts_with('0') => (&text[1..], 8),
        None => (text, 10),
    };
    if radix == 16 && digits.is_empty() {
        return Some(0);
    }
    let plain = digits.chars().all(|digit| digit.is_digit(radix));
    plain.then(|| u32::from_str_radix(digits, radix).ok()).flatten()
}

/// Whether anybody's machine on the internet could be meant, and none of the inside.
pub(super) fn is_public(address: IpAddr) -> bool {
    match canonical(address) {
        IpAddr::V4(v4) => {
            !CLOSED_V4.iter().any(|(base, prefix)| shares_v4(Ipv4Addr::from(*base), v4, *prefix))
        }
        IpAddr::V6(v6) => within(v6, OPEN_V6) && !CLOSED_V6.iter().any(|network| within(v6, *network)),
    }
}

fn within(address: Ipv6Addr, (base, prefix): ([u16; 8], u32)) -> bool {
    shares_v6(Ipv6Addr::from(base), address, prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// PKG-09: private, loopback, link-local, metadata and everything that leads there in disguise.
    #[test]
    fn the_inside_is_closed_in_every_disguise() {
        let closed = [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0:127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "2001:0:1::1",
            "2001:db8::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "3fff::1",
            "5f00::1",
        ];
        for text in closed {
            assert!(!is_public(address(text)), "{text}");
        }
        for text in
            ["1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "64:ff9b::101:101"]
        {
            assert!(is_public(address(text)), "{text}");
        }
    }

    /// PKG-09: what is local can be seen in every notation that resolvers take for it.
    #[test]
    fn a_host_is_seen_to_be_an_address() {
        let one = |text: &str| Typed::Addresses(vec![address(text)]);
        for host in ["127.0.0.1", "127.0.0.1.", "2130706433", "0x7f.1", "0x7F000001", "0177.0.0.1", "127.1"] {
            assert_eq!(typed(host), one("127.0.0.1"), "{host}");
        }
        assert_eq!(
            (typed("[::1]"), typed("0"), typed("10.258")),
            (one("::1"), one("0.0.0.0"), one("10.0.1.2"))
        );
        for host in ["localhost", "LOCALHOST.", "app.localhost"] {
            assert_eq!(typed(host), Typed::Addresses(vec![address("127.0.0.1"), address("::1")]), "{host}");
        }
        for host in
            ["4294967296", "1.2.3.4.5", "256.0.0.1", "1.2.3.256", "09.1", "a.1", "[fe80::1%25lo]", "[x]"]
        {
            assert_eq!(typed(host), Typed::Nothing, "{host}");
        }
        for host in ["example.com", "localhost.example", "1.example", "0x7f.example", "x0", "face"] {
            assert_eq!(typed(host), Typed::Name, "{host}");
        }
    }

    #[test]
    fn a_network_holds_what_shares_its_prefix() {
        let network = Network::parse("10.1.0.0/16").unwrap();
        assert!(network.contains(address("10.1.255.1")) && !network.contains(address("10.2.0.1")));
        assert!(Network::parse("0.0.0.0/0").unwrap().contains(address("9.9.9.9")));
        assert!(Network::parse("fd00::/8").unwrap().contains(address("fd12::1")));
        assert!(!Network::parse("::/0").unwrap().contains(address("1.1.1.1")));
        for broken in ["10.0.0.1", "10.0.0.0/33", "x/8", "fd00::/129", ""] {
            assert!(Network::parse(broken).is_err(), "{broken}");
        }
    }
}
