package egress

import (
	"net/netip"
	"testing"
)

func TestJudge(t *testing.T) {
	for v, list := range map[verdict][]string{
		public: {"93.184.216.34", "8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0", "11.0.0.0",
			"223.255.255.255", "2606:4700::1111", "2400:3200::1", "::ffff:8.8.8.8", "192.0.1.0", "198.20.0.0"},
		private: {"127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.255",
			"::1", "fc00::1", "fdff::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "::ffff:7f00:1"},
		never: {"0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
			"192.0.0.8", "192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1", "198.19.255.255", "192.88.99.1",
			"::", "::127.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1",
			"2001::1", "2001:0:4136:e378::1", "2001:db8::1", "3fff::1", "5f00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1",
			"4000::1", "e000::1", "::ffff:169.254.169.254", "::ffff:0.0.0.0"},
	} {
		for _, s := range list {
			if got := judge(netip.MustParseAddr(s)); got != v {
				t.Errorf("%s is judged %d, want %d", s, got, v)
			}
		}
	}
	if judge(netip.Addr{}) != never {
		t.Error("no address is open")
	}
}

func TestHostname(t *testing.T) {
	for in, want := range map[string]string{
		"Example.COM": "example.com", "example.com.": "example.com", "例子.公司": "xn--fsqu00a.xn--55qx5d", "127.0.0.1": "127.0.0.1",
		"１２７.0.0.1": "127.0.0.1", "127。0。0。1": "127.0.0.1", "::ffff:10.0.0.1": "10.0.0.1", "2606:4700:0::1": "2606:4700::1", "a1.b2": "a1.b2",
		"0x.example": "0x.example", "1.example": "1.example",
		// Numbers that some programs read as addresses.
		"0177.0.0.1": "", "0x7f.0.0.1": "", "0x7f000001": "", "2130706433": "", "127.1": "", "017700000001": "", "1.2.3.4.5": "", "1.2.3.256": "",
		"127.0.0.1.": "127.0.0.1", "0x": "", "0X7F.1": "", "①②⑦.0.0.1": "127.0.0.1", "1.0x7f": "",
		"": "", ".": "", "a..b": "", "a b": "", "fe80::1%eth0": "", "%31": "", "a/b": "", "[::1]": "", "-bad-.example": "",
	} {
		got, ok := hostname(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q is %q %v, want %q", in, got, ok, want)
		}
	}
}

func FuzzHostname(f *testing.F) {
	for _, s := range []string{"example.com", "0x7f.1", "１２７.1", "::ffff:1.2.3.4", "例子"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, ok := hostname(s)
		if !ok {
			return
		}
		if again, ok := hostname(h); !ok || again != h {
			t.Errorf("%q is %q, then %q %v", s, h, again, ok)
		}
		for i := range len(h) {
			if h[i] >= 0x80 || h[i] >= 'A' && h[i] <= 'Z' {
				t.Errorf("%q is %q", s, h)
			}
		}
	})
}
