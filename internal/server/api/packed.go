package api

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
)

// packFrom is the size in bytes from which an answer is worth packing: below it
// the packet that carries it is sent anyway.
const packFrom = 4 << 10

// unchanged gives the answer a tag and says whether the caller has it already; then
// 304 is answered. The tag is a weak one: packed or not, by us or by a proxy before
// us, the answer says the same (RFC 9110 §8.8.1).
func (q *request) unchanged(tag string) bool {
	tag = `"` + tag + `"`
	q.w.Header().Set("ETag", "W/"+tag)
	for candidate := range strings.SplitSeq(q.r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(candidate), "W/") == tag {
			q.w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// replyPacked writes JSON bytes, packed where the caller takes that. It is for the few
// large answers that a page waits for and that hold nothing which a stranger could
// have put there to guess the rest by its length (BREACH).
func (q *request) replyPacked(status int, body []byte) error {
	h := q.w.Header()
	h.Set("Vary", "Accept-Encoding")
	if len(body) < packFrom || !takesGzip(q.r.Header.Get("Accept-Encoding")) {
		return q.reply(status, body)
	}
	var out bytes.Buffer
	out.Grow(len(body) / 6)
	zip, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if _, err = zip.Write(body); err != nil {
		return err
	}
	if err = zip.Close(); err != nil {
		return err
	}
	h.Set("Content-Encoding", "gzip")
	return q.reply(status, out.Bytes())
}

// takesGzip reads an Accept-Encoding header: gzip named, and not with a weight of nothing.
func takesGzip(header string) bool {
	for item := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		weight, weighted := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
		q, err := strconv.ParseFloat(weight, 64)
		return !weighted || err == nil && q > 0
	}
	return false
}
