package rawjson

import (
	"encoding/json"
	"testing"
)

func TestObject(t *testing.T) {
	ms, err := Object([]byte(` {"a": "x\"y" , "b":[1, {"c":"]"}],"d" : null,"e":-1.5e3, "f":{}} `))
	if err != nil {
		t.Fatal(err)
	}
	want := []struct{ k, v string }{{"a", `"x\"y"`}, {"b", `[1, {"c":"]"}]`}, {"d", "null"}, {"e", "-1.5e3"}, {"f", "{}"}}
	if len(ms) != len(want) {
		t.Fatalf("got %d members", len(ms))
	}
	for i, w := range want {
		if ms[i].Key != w.k || string(ms[i].Val) != w.v {
			t.Errorf("member %d: %s=%s, want %s=%s", i, ms[i].Key, ms[i].Val, w.k, w.v)
		}
	}
	items, err := ms[1].Val.Items()
	if err != nil || len(items) != 2 || string(items[0]) != "1" {
		t.Fatalf("items %q %v", items, err)
	}
	for _, bad := range []string{``, `[]`, `{"a":1,"a":2}`, `{"a"}`, `{`, `null`} {
		if _, err := Object([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func FuzzString(f *testing.F) {
	for _, s := range []string{"", "客户", "a\"b\\c\n\x00", "\xff", "\u2028<script>", "😀\x7f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b := AppendString(nil, s)
		var want, got string
		ref, _ := json.Marshal(s)
		if json.Unmarshal(ref, &want) != nil || json.Unmarshal(b, &got) != nil {
			t.Fatalf("%q: not JSON: %s", s, b)
		}
		if got != want {
			t.Fatalf("%q: got %q want %q", s, got, want)
		}
		if v, ok := Value(b).Str(); !ok || v != want {
			t.Fatalf("%q: Str %q", s, v)
		}
	})
}
