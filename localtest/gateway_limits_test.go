package localtest_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// What each service replies by itself, and when.
func TestGatewayOfEveryShape(t *testing.T) {
	t.Parallel()
	type reply struct {
		status int
		body   string
	}
	const badRequest = "<html>\r\n<head><title>400 Bad Request</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n</body>\r\n</html>\r\n"
	const entityTooLarge = "<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n<body>\r\n<center><h1>413 Request Entity Too Large</h1></center>\r\n</body>\r\n</html>\r\n"
	tests := []struct {
		shapes      []localtest.Shape
		failed      reply
		timeout     time.Duration
		late        reply
		bodyBytes   int
		tooLarge    reply
		headerBytes int // 0: no limit is documented
		longHeader  reply
		ids         []string // headers of every reply
	}{
		{
			[]localtest.Shape{localtest.HTTPAPI, localtest.HTTPAPI1},
			reply{500, `{"message":"Internal Server Error"}`},
			30 * time.Second,
			reply{503, `{"message":"Service Unavailable"}`},
			10 << 20,
			reply{413, `{"message":"Request Entity Too Large"}`},
			10240,
			reply{431, `{"message":"Request Header Fields Too Large"}`},
			[]string{"Apigw-Requestid"},
		},
		{
			[]localtest.Shape{localtest.REST},
			reply{502, `{"message": "Internal server error"}`},
			29 * time.Second,
			reply{504, `{"message": "Endpoint request timed out"}`},
			10 << 20,
			reply{413, `{"message":"Request Too Long"}`},
			10240,
			reply{431, `{"message":"Request Header Fields Too Large"}`},
			[]string{"X-Amzn-Requestid", "X-Amz-Apigw-Id"},
		},
		{
			[]localtest.Shape{localtest.RESTStreaming},
			reply{502, `{"message": "Internal server error"}`},
			15 * time.Minute,
			reply{504, `{"message": "Endpoint request timed out"}`},
			10 << 20,
			reply{413, `{"message":"Request Too Long"}`},
			10240,
			reply{431, `{"message":"Request Header Fields Too Large"}`},
			[]string{"X-Amzn-Requestid", "X-Amz-Apigw-Id"},
		},
		{
			[]localtest.Shape{localtest.ALB, localtest.ALBMultiValue},
			reply{502, badGateway},
			15 * time.Minute,
			reply{502, badGateway},
			1 << 20,
			reply{413, entityTooLarge},
			64 << 10,
			reply{400, badRequest},
			[]string{"Server"},
		},
		{
			[]localtest.Shape{localtest.FunctionURL, localtest.FunctionURLStreaming},
			reply{502, "Internal Server Error"},
			15 * time.Minute,
			reply{502, "Internal Server Error"},
			6 << 20,
			reply{413, `{"Message":"Request Entity Too Large"}`},
			0,
			reply{},
			[]string{"X-Amzn-Requestid"},
		},
	}
	for _, test := range tests {
		for _, shape := range test.shapes {
			t.Run(shape.String(), func(t *testing.T) {
				t.Parallel()

				t.Run("a function that fails is told to the client, but not why", func(t *testing.T) {
					t.Parallel()
					fn := invokerFunc(func(context.Context, []byte) ([]byte, error) { return nil, errors.New("secret") })
					got := through(shape, fn, get("/", nil))
					wantReply(t, got, test.failed.status, test.failed.body)
					for _, name := range test.ids {
						if got.Header().Get(name) == "" {
							t.Errorf("no %s", name)
						}
					}
				})

				t.Run("a function that is late is given up", func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						fn := invokerFunc(func(ctx context.Context, _ []byte) ([]byte, error) {
							<-ctx.Done()
							return noContent(shape), ctx.Err()
						})
						began := time.Now()
						wantReply(t, through(shape, fn, get("/", nil)), test.late.status, test.late.body)
						if waited := time.Since(began); waited != test.timeout {
							t.Errorf("after %v, want %v", waited, test.timeout)
						}
					})
				})

				t.Run("a body that is too large does not reach the function", func(t *testing.T) {
					t.Parallel()
					fn := invokerFunc(func(context.Context, []byte) ([]byte, error) {
						t.Error("it did")
						return nil, nil
					})
					r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", test.bodyBytes+1)))
					wantReply(t, through(shape, fn, r), test.tooLarge.status, test.tooLarge.body)
				})

				t.Run("a header that is too large does not reach the function", func(t *testing.T) {
					t.Parallel()
					if test.headerBytes == 0 {
						header := http.Header{"X": {strings.Repeat("x", 100_000)}}
						wantReply(t, through(shape, invokerFunc(func(context.Context, []byte) ([]byte, error) {
							return noContent(shape), nil
						}), get("/", header)), http.StatusNoContent, "")
						return
					}
					line := len("GET / HTTP/1.1") + len("example.com")
					header := http.Header{"X": {strings.Repeat("x", test.headerBytes-line+1)}}
					fn := invokerFunc(func(context.Context, []byte) ([]byte, error) {
						t.Error("it did")
						return nil, nil
					})
					wantReply(t, through(shape, fn, get("/", header)), test.longHeader.status, test.longHeader.body)
				})
			})
		}
	}
}

func TestALBTakesAnswersOfOneMegabyte(t *testing.T) {
	t.Parallel()
	const frame = `{"statusCode":200,"body":""}`
	body := strings.Repeat("x", 1<<20-len(frame))
	answer := func(body string) localtest.Invoker { return answering(`{"statusCode":200,"body":"` + body + `"}`) }
	wantReply(t, through(localtest.ALB, answer(body), get("/", nil)), http.StatusOK, body)
	wantReply(t, through(localtest.ALB, answer(body+"x"), get("/", nil)), http.StatusBadGateway, badGateway)
}

func TestShapesHaveTheNamesOfTheirConstants(t *testing.T) {
	t.Parallel()
	if got := localtest.ALBMultiValue.String(); got != "ALBMultiValue" {
		t.Error(got)
	}
	if got := localtest.Shape(0).String(); got != "Shape(0)" {
		t.Error(got)
	}
}
