package ferrule

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// signingKeys reads the keys that sign the cookie from a secret of AWS Secrets
// Manager: a JSON list of keys in base64, newest first, such as
//
//	["kPz0sV6l...=", "Yk1u3Q9e...="]
//
// Without a secret there are none. Where the secret cannot be had the function
// must not start: unsigned cookies would sign everybody out.
func signingKeys(ctx context.Context, secret string) ([][]byte, error) {
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
		return nil, fmt.Errorf("read the secret that SESSION_KEYS_SECRET names: %w", err)
	}
	return parseKeys(aws.ToString(answer.SecretString))
}

// parseKeys never quotes what it is given.
func parseKeys(secret string) ([][]byte, error) {
	var texts []string
	if err := json.Unmarshal([]byte(secret), &texts); err != nil || len(texts) == 0 {
		return nil, errors.New(`the secret that SESSION_KEYS_SECRET names is no list of keys: make it ["KEY"], each KEY the output of "openssl rand -base64 32"`)
	}
	keys := make([][]byte, len(texts))
	for i, text := range texts {
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, fmt.Errorf(`key %d of the secret that SESSION_KEYS_SECRET names is not base64: use the output of "openssl rand -base64 32"`, i+1)
		}
		keys[i] = key
	}
	return keys, nil
}
