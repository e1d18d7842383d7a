package egress

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// verdict is what an address is to us.
type verdict uint8

const (
	public  verdict = iota
	private         // opened by the allow-list: other machines of the house
	never           // opened by nothing
)

// privateRanges belong to houses and machines (RFC 1918, 4193, 6598, 1122).
var privateRanges = prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "::1/128", "fc00::/7")

// neverRanges are no target at all: link-local (where clouds keep their
// metadata), multicast, unspecified, reserved, documentation and benchmark
// addresses, and the forms that carry an IPv4 address inside an IPv6 one
// (compatible, translated, NAT64, 6to4, Teredo), which a gateway may turn into
// a private one behind our back. IANA special-purpose registries, 2026.
var neverRanges = prefixes("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
	"5f00::/16", "fe80::/10", "fec0::/10", "ff00::/8")

// globalRange is what IPv6 has given out at all.
var globalRange = netip.MustParsePrefix("2000::/3")

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// judge says what an address is. An IPv4 address written as IPv6 is judged as
// what it is.
func judge(a netip.Addr) verdict {
	if a.Zone() != "" || !a.IsValid() {
		return never
	}
	a = a.Unmap()
	for _, p := range privateRanges {
		if p.Contains(a) {
			return private
		}
	}
	for _, p := range neverRanges {
		if p.Contains(a) {
			return never
		}
	}
	if a.Is6() && !globalRange.Contains(a) {
		return never
	}
	return public
}

// hostname brings the host of an address to the form that is compared and
// looked up: lower case, ASCII, no dot at the end; a numeric host only in the
// one usual form. Others (0177.0.0.1, 0x7f.1, 2130706433, 127.1) are addresses
// to some programs and names to others; nobody needs them.
func hostname(host string) (string, bool) {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().String(), a.Zone() == ""
	}
	if !utf8.ValidString(host) {
		return "", false
	}
	name, err := idna.Lookup.ToASCII(strings.TrimSuffix(host, "."))
	if err != nil || name == "" || name[0] == '.' || len(name) > 253 || strings.Contains(name, "..") || strings.ContainsAny(name, "%:[]/\\ ") {
		return "", false
	}
	if a, err := netip.ParseAddr(name); err == nil { // full-width digits and dots
		return a.Unmap().String(), true
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	if last == "" || numeric(last) {
		return "", false
	}
	return name, true
}

// numeric says whether a label reads as a number, as URLs do it (WHATWG "ends
// in a number").
func numeric(label string) bool {
	if strings.Trim(label, "0123456789") == "" {
		return true
	}
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return false
}

// target is a host and port.
type target struct {
	host string
	port uint16
}

func newTarget(host, port string) (target, bool) {
	h, ok := hostname(host)
	n, err := strconv.ParseUint(port, 10, 16)
	return target{h, uint16(n)}, ok && err == nil && n > 0
}
