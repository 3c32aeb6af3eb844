package dynamostore

import "context"

// Warm opens the connection to DynamoDB and gets credentials, by reading an
// item that doesn't exist (half a read unit). Called while the function
// initialises, it saves the first visitor that time. Its error may be ignored:
// the first operation would meet it again.
func (s *Store) Warm(ctx context.Context) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	_, err := s.get(ctx, s.sessionKey("warm"), false)
	return err
}
