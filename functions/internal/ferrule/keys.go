package ferrule

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// secretKeys reads keys from the secret of AWS Secrets Manager that a variable
// names: a JSON list of keys in base64, newest first, such as
//
//	["kPz0sV6l...=", "Yk1u3Q9e...="]
//
// Without a secret there are none. Where the secret cannot be had the function
// must not start: other keys would sign everybody out.
func secretKeys(ctx context.Context, getenv func(string) string, variable string) ([][]byte, error) {
	secret := getenv(variable)
	if secret == "" {
		return nil, nil
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the AWS configuration: %w", err)
	}
	answer, err := secretsmanager.NewFromConfig(cfg).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{
		SecretId: aws.String(secret),
	})
	if err != nil {
		return nil, fmt.Errorf("read the secret that %s names: %w", variable, err)
	}
	return parseKeys(aws.ToString(answer.SecretString), variable)
}

// storeKeys are the keys that seal what is in a cookie, newest first: those in
// SESSION_STORE_KEYS, separated by commas, or else those of the secret that
// SESSION_STORE_KEYS_SECRET names.
func storeKeys(ctx context.Context, getenv func(string) string) ([][]byte, error) {
	if list := getenv("SESSION_STORE_KEYS"); list != "" {
		return decodeKeys(strings.Split(list, ","), "SESSION_STORE_KEYS")
	}
	keys, err := secretKeys(ctx, getenv, "SESSION_STORE_KEYS_SECRET")
	if err == nil && keys == nil {
		err = errors.New(`SESSION_STORE_KEYS is empty: set it to the output of "openssl rand -base64 32", or SESSION_STORE_KEYS_SECRET to the ARN of a secret with a list of such keys`)
	}
	return keys, err
}

// parseKeys never quotes what it is given. Variable names the secret.
func parseKeys(secret, variable string) ([][]byte, error) {
	var texts []string
	if err := json.Unmarshal([]byte(secret), &texts); err != nil || len(texts) == 0 {
		return nil, fmt.Errorf(`the secret that %s names is no list of keys: make it ["KEY"], each KEY the output of "openssl rand -base64 32"`, variable)
	}
	return decodeKeys(texts, "the secret that "+variable+" names")
}

// decodeKeys never quotes what it is given. From says where the keys stand.
func decodeKeys(texts []string, from string) ([][]byte, error) {
	keys := make([][]byte, len(texts))
	for i, text := range texts {
		key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf(`key %d of %s is not base64: use the output of "openssl rand -base64 32"`, i+1, from)
		}
		keys[i] = key
	}
	return keys, nil
}
