package app

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"time"

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
func (a *App) Handler(secure bool) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", api.New(api.Options{Engine: a.Engine, Rights: a.Rights, Sessions: a.Sessions, Customize: a.Customize, Files: a.Files,
		Texts: a.Texts, Modules: Modules(), Platform: a, Clock: a.Clock, Log: a.Log, Version: a.Version, Secure: secure}))
	mux.Handle("/", webui.Handler(a.Version))
	guard := http.NewCrossOriginProtection()
	return guard.Handler(mux)
}

// Serve answers until ctx ends, then lets running requests finish.
func (a *App) Serve(ctx context.Context, o ServeOptions) error {
	config, err := tlsConfig(a.DataDir, o)
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: a.Handler(config != nil), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, TLSConfig: config}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return err
	}
	if config != nil {
		l = tls.NewListener(l, config)
	}
	a.Start()
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	if o.Ready != nil {
		o.Ready(l.Addr().String())
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil {
		return err
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
