package redistest

import (
	"bytes"
	"net"
	"sync"
	"testing"
	"time"
)

// A Proxy stands between a client and a server and fails as it is told.
type Proxy struct {
	Addr string // host:port, for clients

	server   string
	listener net.Listener
	all      sync.WaitGroup

	mu    sync.Mutex // guards what follows
	fault *Fault
	conns map[net.Conn]bool
}

// A Fault is what is to go wrong, once or always.
type Fault struct {
	// Request is what the request has in it that fails; every one if it is empty.
	Request []byte
	// Applied is whether the server gets the request and answers.
	Applied bool
	// Hang is whether the client is left waiting instead of disconnected.
	Hang bool
	// Always is whether every such request fails, instead of the first alone.
	Always bool
	// Meanwhile is called before the client learns of it; it may be nil.
	Meanwhile func()
}

// NewProxy starts a proxy to the server at addr. It ends with the test.
func NewProxy(t testing.TB, addr string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it listens at once
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Addr: l.Addr().String(), server: addr, listener: l, conns: map[net.Conn]bool{}}
	p.all.Go(p.accept)
	t.Cleanup(p.stop)
	return p
}

// Fail has the next fitting request fail.
func (p *Proxy) Fail(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = &f
}

func (p *Proxy) stop() {
	_ = p.listener.Close()
	p.mu.Lock()
	for c := range p.conns {
		_ = c.Close()
	}
	p.mu.Unlock()
	p.all.Wait()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.DialTimeout("tcp", p.server, 10*time.Second) //nolint:noctx // its own bound
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns[client], p.conns[server] = true, true
		p.mu.Unlock()
		p.all.Go(func() { p.serve(client, server) })
	}
}

// serve passes requests and answers on, one after the other, as clients without
// pipelines send them.
func (p *Proxy) serve(client, server net.Conn) {
	answers := make(chan []byte)
	p.all.Go(func() {
		defer close(answers)
		for {
			chunk := make([]byte, 1<<16)
			n, err := server.Read(chunk)
			if err != nil {
				return
			}
			answers <- chunk[:n]
		}
	})
	requests := make(chan []byte)
	p.all.Go(func() {
		defer close(requests)
		for {
			chunk := make([]byte, 1<<20)
			n, err := client.Read(chunk)
			if err != nil {
				return
			}
			requests <- chunk[:n]
		}
	})
	defer func() {
		_ = client.Close()
		_ = server.Close()
		for range answers {
		}
		for range requests {
		}
	}()
	for {
		select {
		case answer, ok := <-answers:
			if !ok {
				return
			}
			if _, err := client.Write(answer); err != nil {
				return
			}
		case request, ok := <-requests:
			if !ok {
				return
			}
			fault := p.take(request)
			if fault == nil || fault.Applied {
				if _, err := server.Write(request); err != nil {
					return
				}
			}
			if fault == nil {
				continue
			}
			if fault.Applied {
				<-answers
			}
			if fault.Meanwhile != nil {
				fault.Meanwhile()
			}
			if !fault.Hang {
				return
			}
			<-requests // until the client gives up
			return
		}
	}
}

// take returns the fault that the request meets, nil if it meets none.
func (p *Proxy) take(request []byte) *Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.fault
	if f == nil || !bytes.Contains(request, f.Request) {
		return nil
	}
	if !f.Always {
		p.fault = nil
	}
	return f
}
