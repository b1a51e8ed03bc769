//! Which IP addresses are the public internet's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an IP address is one of the public internet (linked sources, section 9: what is refused).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// First address and length of prefix of what is no part of the public internet.
const REFUSED_V4: &[([u8; 4], u32)] = &[
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
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

const REFUSED_V6: &[([u16; 8], u32)] = &[
    ([0, 0, 0, 0, 0, 0, 0, 0], 127),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10),
    ([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    // The local form of NAT64 (RFC 8215) leads into the operator's own network.
    ([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    !REFUSED_V4
        .iter()
        .any(|(first, length)| (bits ^ u32::from_be_bytes(*first)) >> (32 - length) == 0)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = v4_within(address) {
        return is_public_v4(inner);
    }
    let bits = address.to_bits();
    !REFUSED_V6
        .iter()
        .any(|(first, length)| (bits ^ Ipv6Addr::from(*first).to_bits()) >> (128 - length) == 0)
}

/// The IPv4 address that an IPv6 address carries: mapped, compatible, 6to4, NAT64.
fn v4_within(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let part =
        |high: u16, low: u16| Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => part(high, low),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => part(high, low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[track_caller]
    fn check(public: bool, addresses: &[&str]) {
        for address in addresses {
            assert_eq!(
                is_public(address.parse().expect("an address")),
                public,
                "{address}"
            );
        }
    }

    #[test]
    fn what_is_local_reserved_or_for_examples_is_refused() {
        check(
            false,
            &[
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.0.1",
                "169.254.169.254",
            ],
        );
        check(
            false,
            &[
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
            ],
        );
        check(
            false,
            &[
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "239.1.1.1",
                "240.0.0.1",
                "255.255.255.255",
            ],
        );
        check(
            false,
            &[
                "::",
                "::1",
                "fc00::1",
                "fdff::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "2001:db8::1",
                "64:ff9b:1::1",
            ],
        );
    }

    #[test]
    fn an_ipv4_address_within_an_ipv6_address_is_looked_at() {
        check(
            false,
            &[
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "2002:7f00:1::",
                "2002:c0a8:101::1",
                "64:ff9b::10.0.0.1",
                "::127.0.0.1",
                "::ffff:0:127.0.0.1",
            ],
        );
        check(
            true,
            &[
                "::ffff:93.184.216.34",
                "2002:5db8:d822::1",
                "64:ff9b::93.184.216.34",
            ],
        );
    }

    #[test]
    fn the_rest_is_public() {
        check(
            true,
            &[
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.0.1",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "198.17.0.1",
                "198.20.0.1",
                "223.255.255.255",
            ],
        );
        check(
            true,
            &["2606:4700:4700::1111", "2001:4860:4860::8888", "fbff::1"],
        );
    }
}
