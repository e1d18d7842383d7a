// Command guanxi is the whole program: server, command line, backup.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones where the system has none

	"github.com/alecthomas/kong"

	"github.com/guanxicrm/guanxi/internal/app"
)

// version is set by the build.
var version = "dev"

type serveCmd struct {
	Data     string `default:"./data" help:"Data folder."`
	Database string `help:"Address of a PostgreSQL database; SQLite in the data folder when empty."`
	Listen   string `default:"127.0.0.1:8080" help:"Address to listen on."`
	KeyFile  string `help:"File of the master key, when it is kept outside of the data folder."`
	TLSCert  string `name:"tls-cert" help:"Certificate file."`
	TLSKey   string `name:"tls-key" help:"Key file of the certificate."`
	TLSSelf  bool   `name:"tls-self" help:"Serve TLS with a certificate made here."`
}

// Run serves until it is told to stop.
func (c *serveCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a, err := app.Open(ctx, app.Options{DataDir: c.Data, Database: c.Database, KeyFile: c.KeyFile, Version: version})
	if err != nil {
		return err
	}
	err = a.Serve(ctx, app.ServeOptions{Listen: c.Listen, TLSCert: c.TLSCert, TLSKey: c.TLSKey, TLSSelf: c.TLSSelf,
		Ready: func(address string) { slog.Info("guanxi is ready", "address", "http://"+address) }})
	if cerr := a.Close(); err == nil {
		err = cerr
	}
	return err
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run() error {
	_, err := fmt.Println(version)
	return err
}

func main() {
	var cli struct {
		Serve   serveCmd   `cmd:"" help:"Serve the page and the API."`
		Version versionCmd `cmd:"" help:"Print the version."`
	}
	k := kong.Parse(&cli, kong.Name("guanxi"), kong.Description("关系 Guanxi: customers, sales and office work of a company."))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "guanxi:", err)
		os.Exit(1)
	}
}
