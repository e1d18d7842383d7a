package app

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/guanxicrm/guanxi/internal/core/paper"
	"github.com/guanxicrm/guanxi/internal/server/api"
	"github.com/guanxicrm/guanxi/internal/server/webui"
)

// ServeOptions say how the installation is reached.
type ServeOptions struct {
	Listen  string // host:port
	TLSCert string
	TLSKey  string
	TLSSelf bool
	Ready   func(address string) // called when requests are answered
}

// Handler is the whole HTTP face: the API and the page.
func (a *App) Handler(secure bool) http.Handler { return a.face(a.api(secure)) }

func (a *App) api(secure bool) *api.Server {
	return api.New(api.Options{Engine: a.Engine, Rights: a.Rights, Sessions: a.Sessions, Customize: a.Customize, Desk: a.Desk, Files: a.Files, Queue: a.Queue,
		Printer: a.printer(),
		Texts:   a.Texts, Modules: Modules(), Platform: a, Clock: a.Clock, Log: a.Log, Version: a.Version, Secure: secure})
}

// printer puts records on paper; one for the whole program, since it keeps fonts.
func (a *App) printer() *paper.Printer {
	a.printing.Do(func() {
		a.papers = &paper.Printer{Engine: a.Engine, Settings: a.Customize, Texts: a.Texts, Clock: a.Clock}
	})
	return a.papers
}

func (a *App) face(rest *api.Server) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", rest)
	mux.Handle("/", webui.Handler(a.Version))
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(rest.Foreign())
	return guard.Handler(mux)
}

// Serve answers until ctx ends, then lets running requests finish.
func (a *App) Serve(ctx context.Context, o ServeOptions) error {
	config, err := tlsConfig(a.DataDir, o)
	if err != nil {
		return err
	}
	rest := a.api(config != nil)
	srv := &http.Server{Handler: a.face(rest), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, TLSConfig: config}
	srv.RegisterOnShutdown(rest.EndStreams)
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return err
	}
	if config != nil {
		l = tls.NewListener(l, config)
	}
	control, err := a.listenControl(ctx)
	if err != nil {
		_ = l.Close()
		return err
	}
	a.Start()
	defer os.Remove(filepath.Join(a.DataDir, socketFile))
	ours := a.controlServer(ctx)
	done := make(chan error, 2)
	go func() { done <- srv.Serve(l) }()
	go func() { done <- ours.Serve(control) }()
	if o.Ready != nil {
		o.Ready(l.Addr().String())
	}
	select {
	case err := <-done:
		_ = ours.Close()
		_ = srv.Close()
		return errors.Join(err, closed(<-done))
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	err = errors.Join(ours.Shutdown(stop), srv.Shutdown(stop))
	return errors.Join(err, closed(<-done), closed(<-done))
}

// closed is nil for a server that was told to stop.
func closed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
