package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/i18n"
)

// terminal speaks to the person: results to out, everything else to log.
type terminal struct {
	words  *i18n.Bundle
	locale string
	in     io.Reader
	out    io.Writer
	log    io.Writer
	asJSON bool
	drawn  int // width of the progress line that stands at the moment
}

func (t *terminal) text(key string, args ...string) string {
	return t.words.Text(t.locale, key, errs.New("", key, args...).Args)
}

// say tells the person something that is no result.
func (t *terminal) say(key string, args ...string) {
	t.endProgress()
	fmt.Fprintln(t.log, t.text(key, args...))
}

// result writes one line of JSON with --json, else what plain says.
func (t *terminal) result(v any, plain func()) error {
	t.endProgress()
	if !t.asJSON {
		plain()
		return nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = t.out.Write(append(raw, '\n'))
	return err
}

func (t *terminal) line(s string) { fmt.Fprintln(t.out, s) }

// fail shows an error and gives the exit code.
func (t *terminal) fail(err error) int {
	t.endProgress()
	e := app.FaultOf(err).Err()
	if told, ok := errors.AsType[*errs.Error](err); ok && (e.Code == errs.Internal || e.Code == errs.Unavailable) {
		e.Cause = told.Cause
	}
	t.show(e)
	return exitFailed
}

// show writes an error in the person's language: one line, below it what each
// field lacks, and the cause where only the administrator can mend it.
func (t *terminal) show(e *errs.Error) {
	text := func(e *errs.Error) string { return t.words.Text(t.locale, e.Key, e.Args) }
	switch {
	case len(e.Sub) == 0:
		fmt.Fprintln(t.log, "guanxi: "+text(e))
	case len(e.Sub) == 1:
		fmt.Fprintln(t.log, "guanxi: "+e.Sub[0].Field+": "+text(e.Sub[0]))
	default:
		fmt.Fprintln(t.log, "guanxi: "+text(e))
		for _, sub := range e.Sub {
			fmt.Fprintln(t.log, "  "+sub.Field+": "+text(sub))
		}
	}
	if e.Cause != nil {
		fmt.Fprintln(t.log, "  "+cause(e.Cause.Error()))
	}
}

// causeLines is how much of a cause is shown; the rest is in the log.
const causeLines = 3

// cause is the beginning of a cause in one line, without any stack.
func cause(s string) string {
	var parts []string
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "goroutine ") || len(parts) == causeLines {
			break
		}
		if line != "" {
			parts = append(parts, line)
		}
	}
	return strings.Join(parts, " ")
}

// progress shows how far a command is: on a terminal in one line that is
// written over, else in a line for each new part.
func (t *terminal) progress(p app.Progress) {
	s := t.text(p.Key, "what", p.What)
	live := isTerminal(t.log)
	switch {
	case p.Total > 0:
		s += " " + strconv.FormatInt(p.Done, 10) + "/" + strconv.FormatInt(p.Total, 10)
	case p.Done > 0:
		s += " " + strconv.FormatInt(p.Done, 10)
	}
	if !live {
		fmt.Fprintln(t.log, s)
		return
	}
	fmt.Fprint(t.log, "\r"+s+strings.Repeat(" ", max(t.drawn-len(s), 0)))
	t.drawn = len(s)
}

// endProgress gives the next text a line of its own.
func (t *terminal) endProgress() {
	if t.drawn > 0 {
		fmt.Fprintln(t.log)
		t.drawn = 0
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err == nil && !os.SameFile(info, null)
}

// maxSecret bounds what is read as a password.
const maxSecret = 4096

// secret reads one line of standard input: never an argument, which others see.
func (t *terminal) secret(prompt string) (string, error) {
	if f, ok := t.in.(*os.File); ok && isTerminal(f) {
		t.say(prompt)
	}
	s, err := bufio.NewReader(io.LimitReader(t.in, maxSecret)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	s = strings.TrimRight(s, "\r\n")
	if s == "" {
		return "", errs.New(errs.Invalid, "error.secret_empty")
	}
	return s, nil
}
