package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/durable"
)

// selfValid is how long a certificate of our own is valid; it is made anew after.
const selfValid = 397 * 24 * time.Hour

// tlsConfig reads the given certificate, or makes one of our own; nil = plain HTTP.
func tlsConfig(dir string, o ServeOptions) (*tls.Config, error) {
	cert, key := o.TLSCert, o.TLSKey
	if o.TLSSelf && cert == "" {
		cert, key = filepath.Join(dir, "secret", "tls.crt"), filepath.Join(dir, "secret", "tls.key")
		if err := selfSigned(cert, key); err != nil {
			return nil, err
		}
	}
	if cert == "" {
		return nil, nil //nolint:nilnil // no TLS asked for
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, err
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}, nil
}

func selfSigned(cert, key string) error {
	if pair, err := tls.LoadX509KeyPair(cert, key); err == nil && pair.Leaf != nil && time.Until(pair.Leaf.NotAfter) > 30*24*time.Hour {
		return nil
	}
	priv, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	tmpl := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: host, Organization: []string{"Guanxi"}},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(selfValid), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, DNSNames: []string{host, "localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &priv.PublicKey, priv)
	if err != nil {
		return err
	}
	raw, err := x509.MarshalPKCS8PrivateKey(priv)
	if err != nil {
		return err
	}
	if err := durable.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), 0o600); err != nil {
		return err
	}
	return durable.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644)
}
