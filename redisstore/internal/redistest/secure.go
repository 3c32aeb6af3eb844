package redistest

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
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// A Secure is a server that speaks TLS alone and knows no user but those it is
// told of.
type Secure struct {
	*Server
	tls *tls.Config
}

// password is the one of the administrator and of every user of a Secure.
const password = "correct horse battery staple"

// StartSecure starts a server with TLS, a certificate authority of its own, and
// an access control list: the rules of each user by name.
func StartSecure(t testing.TB, users map[string]string) *Secure {
	t.Helper()
	dir := t.TempDir()
	authority, authorityKey := certify(t, dir, "ca", nil, nil)
	certify(t, dir, "server", authority, authorityKey)
	pool := x509.NewCertPool()
	pool.AddCert(authority)
	s := &Secure{tls: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}

	s.Server = startWith(t, password, func(port string) []string {
		return []string{
			"port 0", "tls-port " + port, "tls-auth-clients no", "requirepass " + password,
			"tls-cert-file " + filepath.Join(dir, "server.crt"), "tls-key-file " + filepath.Join(dir, "server.key"),
			"tls-ca-cert-file " + filepath.Join(dir, "ca.crt"),
		}
	})
	for name, rules := range users {
		args := []any{"acl", "setuser", name, "reset", "on", ">" + password}
		for rule := range strings.FieldsSeq(rules) {
			args = append(args, rule)
		}
		must(t, s.Admin().Do(t.Context(), args...).Err())
	}
	return s
}

// Client makes a client that signs in as the user. It is closed when the test ends.
func (s *Secure) Client(t testing.TB, user string) *redis.Client {
	t.Helper()
	c := Client(redis.Options{Addr: s.Addr, Username: user, Password: password, TLSConfig: s.tls})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// certify makes a certificate and its key, in the files name.crt and name.key:
// one that signs others if there is no issuer, else one for the loopback interface.
func certify(t testing.TB, dir, name string, issuer *x509.Certificate, issuerKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
	if issuer == nil {
		issuer, issuerKey = template, key
		template.IsCA, template.BasicConstraintsValid = true, true
		template.KeyUsage |= x509.KeyUsageCertSign
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, key.Public(), issuerKey)
	must(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	write := func(file, kind string, b []byte) {
		must(t, os.WriteFile(filepath.Join(dir, file), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}), 0o600))
	}
	write(name+".crt", "CERTIFICATE", der)
	write(name+".key", "PRIVATE KEY", keyDER)
	cert, err := x509.ParseCertificate(der)
	must(t, err)
	return cert, key
}
