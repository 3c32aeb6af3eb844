// Package history tests what many requests at once make of sessions: on
// DynamoDB Local, through a manager, without looking into either.
//
// history_test.go lets windows of a few browsers sign in, read, write, renew,
// sign out and revoke at once and writes down what each of them saw;
// model_test.go says what they may have seen, and porcupine looks for an order
// of the operations that explains it: the history is linearizable. Make soak
// does so for as long as you like. machine_test.go plays random sequences of
// requests, overlapping and with time passing, against a model, a step at a
// time. counter_test.go and devices_test.go have what needs larger numbers.
package history
