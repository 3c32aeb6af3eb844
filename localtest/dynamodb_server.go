package localtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// endpointVariable names a DynamoDB Local that runs already.
const endpointVariable = "DYNAMODB_LOCAL_ENDPOINT"

// Server is a DynamoDB Local. It keeps everything in memory, and all clients
// see the same tables, whatever their credentials and region.
//
// It cannot be told to listen on the loopback interface alone: unless it runs
// in Docker, whoever reaches this machine reaches its port. Keep nothing in it
// that matters.
type Server struct {
	endpoint  string
	client    *dynamodb.Client
	transport *http.Transport
	program   *program // nil if it runs already and is not ours
	close     func() error
}

// StartDynamoDB starts a DynamoDB Local on a free port and returns when it
// answers. It takes the first of these that is there:
//
//   - the one that the environment variable DYNAMODB_LOCAL_ENDPOINT names, such
//     as http://localhost:8000, which it leaves running in the end;
//   - Java 17 or newer, with Maven to download it at the first time;
//   - Docker.
//
// If there is none, the error names all three. Progress, unless nil, is told in
// words of what takes its time. Ctx bounds the start alone: the server runs until
// Close, or until this process ends, however it ends.
func StartDynamoDB(ctx context.Context, progress func(string)) (*Server, error) {
	if progress == nil {
		progress = func(string) {}
	}
	if endpoint := os.Getenv(endpointVariable); endpoint != "" {
		return useRunning(ctx, endpoint)
	}
	program, endpoint, err := startWithJava(ctx, progress)
	if err == nil {
		return newServer(endpoint, program), nil
	}
	withoutJava := err
	program, endpoint, err = startWithDocker(ctx, progress)
	if err == nil {
		return newServer(endpoint, program), nil
	}
	return nil, fmt.Errorf(`no DynamoDB Local; one of these three will do:
  - set %s to one that runs, such as http://localhost:8000
  - install Java %d or newer, and Maven (%w)
  - start Docker (%w)`, endpointVariable, oldestJava, withoutJava, err)
}

// useRunning checks that something answers at endpoint.
func useRunning(ctx context.Context, endpoint string) (*Server, error) {
	if u, err := url.Parse(endpoint); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("%s is %q; it must be a URL such as http://localhost:8000", endpointVariable, endpoint)
	}
	s := newServer(endpoint, nil)
	if err := ping(ctx, s.client); err != nil {
		return nil, errors.Join(
			fmt.Errorf("%s is %q, where no DynamoDB Local answers; start one there or unset the variable: %w", endpointVariable, endpoint, err),
			s.Close())
	}
	s.transport.CloseIdleConnections()
	return s, nil
}

func newServer(endpoint string, program *program) *Server {
	s := &Server{endpoint: endpoint, transport: newTransport(), program: program}
	s.client = newClient(endpoint, s.transport)
	s.close = sync.OnceValue(func() error {
		s.transport.CloseIdleConnections()
		if s.program == nil {
			return nil
		}
		if err := s.program.stop(); err != nil {
			return fmt.Errorf("ending DynamoDB Local: %w", err)
		}
		return nil
	})
	return s
}

// Endpoint is the server's URL: what AWS_ENDPOINT_URL_DYNAMODB wants.
func (s *Server) Endpoint() string { return s.endpoint }

// Client returns a client of the server, always the same one.
func (s *Server) Client() *dynamodb.Client { return s.client }

// Close ends the server, unless it ran before, and closes the idle connections
// of its client. It may be called more than once.
func (s *Server) Close() error { return s.close() }

// crashed says what the server printed last if it has ended by itself.
func (s *Server) crashed() error {
	if s.program == nil {
		return nil
	}
	if err := s.program.ended(time.Millisecond); err != nil {
		return fmt.Errorf("DynamoDB Local: %w", err)
	}
	return nil
}
