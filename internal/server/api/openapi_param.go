package api

import "net/http"

// parameter is a parameter of a request.
type parameter struct {
	Ref         string      `json:"$ref,omitempty"`
	Name        string      `json:"name,omitempty"`
	In          string      `json:"in,omitempty"`
	Description string      `json:"description,omitempty"`
	Required    bool        `json:"required,omitempty"`
	Style       string      `json:"style,omitempty"`
	Explode     *bool       `json:"explode,omitempty"`
	Schema      *jsonSchema `json:"schema,omitempty"`
}

// header is a header of an answer.
type header struct {
	Ref         string      `json:"$ref,omitempty"`
	Description string      `json:"description,omitempty"`
	Schema      *jsonSchema `json:"schema,omitempty"`
}

// parameters are all parameters of the API but those of paths; routes name them by key.
func parameters() ordered[*parameter] {
	var out ordered[*parameter]
	add := func(key, in, text string, s *jsonSchema) *parameter {
		p := &parameter{Name: key, In: in, Description: text, Schema: s}
		out = append(out, member[*parameter]{key, p})
		return p
	}
	words := func(key, text string) {
		no := false
		p := add(key, "query", text, list(typed("string")))
		p.Style, p.Explode = "form", &no
	}
	text, flag, count := func() *jsonSchema { return typed("string") }, func() *jsonSchema { return typed("boolean") }, func() *jsonSchema { return typed("integer") }
	add("filter", "query", `Condition in the text form, such as: status == "won" and owner == me and created_at >= month_start()`, text())
	words("sort", "Fields to sort by, in order; a leading - means descending")
	words("fields", "Fields to give; without it the columns of the list, for a single record all")
	words("expand", "References to give in full: the record stands in the member \"record\"")
	add("limit", "query", "How many to give at most, up to 200", count())
	add("cursor", "query", "The \"next\" of the page before", text())
	add("kind", "query", "Only jobs of this kind", text())
	add("count", "query", "Count all that match, exactly up to 10,000", flag())
	add("job", "query", "Do it as a job and answer at once", flag())
	add("deleted", "query", "Read the recycle bin", flag())
	add("q", "query", "Words to search for; Chinese, pinyin and initials, digits of phones", text())
	add("fresh", "query", "Wait until the search index knows of every write before", flag())
	words("entity", "Only these entities")
	add("duplicates", "query", "What to do when records look alike: refuse makes 409 of a warning", enum("warn", "refuse"))
	add("version", "query", "The version that was seen", count())
	add("v", "query", "Version of what is asked for: with it the answer may be kept", text())
	add("inline", "query", "1 shows the file in the browser when its type can do no harm", enum("1"))
	add("format", "query", "csv (also without it) or xlsx", enum("csv", "xlsx"))
	add("encoding", "query", "Of CSV: utf-8-bom (also without it), as Excel needs it, utf-8 or gb18030", enum("utf-8-bom", "utf-8", "gb18030"))
	add("headers", "query", "labels (also without it): as people read it; keys: keys of fields, codes of options, ids of references", enum("labels", "keys"))
	add("If-Match", "header", `The version that was seen, as the ETag has it ("v7"); * for whatever the version`, text())
	add("If-None-Match", "header", "The ETag that is known already", text())
	add("Idempotency-Key", "header", "The same key and body within 24 hours get the same answer and write once", text())
	add("Last-Event-ID", "header", "The last event that was received; the stream then begins with reset", text())
	add("X-Filename", "header", "The file's name, percent-encoded", text())
	add("Range", "header", "Part of the file", text())
	return out
}

// headers are the headers of answers that are described.
func headers() ordered[*header] {
	return ordered[*header]{
		{"ETag", &header{Description: "Version of what was given", Schema: typed("string")}},
		{"Location", &header{Description: "Where the new record is", Schema: typed("string")}},
		{"Retry-After", &header{Description: "Seconds to wait", Schema: typed("integer")}},
		{"Set-Cookie", &header{Description: "The session", Schema: typed("string")}},
		{"WWW-Authenticate", &header{Description: "How to sign in", Schema: typed("string")}},
	}
}

// problemTexts say what each status of a problem means.
func problemTexts() ordered[string] {
	return ordered[string]{
		{"400", "The request is malformed: an unknown field or parameter, a filter that cannot be read"},
		{"401", "Not signed in, or the key is not valid (any more)"},
		{"403", "Known, and not allowed"},
		{"404", "Does not exist, or may not be seen"},
		{"409", "A stale version in the body, a unique value or strict duplicate, or a state that forbids it"},
		{"412", "If-Match does not hold; \"current\" is the record as it is now"},
		{"413", "Too large"},
		{"422", "A value is not acceptable; \"errors\" has one entry for each field"},
		{"423", "Locked by an approval or a closed period"},
		{"428", "Neither If-Match nor a version was given"},
		{"429", "Too many requests"},
		{"5XX", "A defect, or the service is starting, stopping or overloaded"},
	}
}

func problemName(status string) string {
	names := ordered[string]{{"400", "BadRequest"}, {"401", "Unauthorized"}, {"403", "Forbidden"}, {"404", "NotFound"}, {"409", "Conflict"},
		{"412", "PreconditionFailed"}, {"413", "TooLarge"}, {"422", "Unprocessable"}, {"423", "Locked"}, {"428", "PreconditionRequired"},
		{"429", "TooManyRequests"}, {"5XX", "ServerError"}}
	name, _ := names.get(status)
	return name
}

// problemHeaders are what comes with some problems.
func problemHeaders(status string) []string {
	switch status {
	case "401":
		return []string{"WWW-Authenticate"}
	case "429":
		return []string{"Retry-After"}
	}
	return nil
}

// statusText names a status in the document.
func statusText(status int) string {
	if status >= http.StatusInternalServerError {
		return "5XX"
	}
	return itoa(status)
}
