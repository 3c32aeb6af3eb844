package dynamostore

import "context"

// SessionIDs returns the ID of each of the subject's sessions, by the id of its
// device: for [Store.Devices], whose devices do not say it, it is what
// [Store.Inspect] and [Store.End] take. It is a consistent Query. There may be
// devices among them whose session has ended or expired, which Devices leaves
// out.
func (s *Store) SessionIDs(ctx context.Context, subject string) (map[string]string, error) {
	if err := checkSubject(subject); err != nil {
		return nil, err
	}
	listed, err := s.listed(ctx, subject)
	if err != nil {
		return nil, err
	}
	ids := make(map[string]string, len(listed))
	for _, d := range listed {
		ids[d.id] = d.session
	}
	return ids, nil
}
