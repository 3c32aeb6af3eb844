// Package emf turns what an application's sessions do into CloudWatch metrics:
// [Observer] writes each operation on the store as one line of JSON, in the
// embedded metric format, to standard output. Lambda hands that to CloudWatch
// Logs, which makes the metrics, with no agent and no further permission.
//
// Each line has the dimension Operation (load, save, update and so on, see
// [lambdasession.Observation]) and those of [Config], and these metrics:
//
//	Duration     milliseconds that the operation took
//	Calls        1, so that a sum is the number of operations
//	Errors       1 if an operator should know: the store could not answer, or
//	             a session is too large, unreadable or invalid; else 0
//	Unavailable  1 if the store could not answer, else 0; it is in Errors too
//	ReadUnits    read and write units that it consumed, where the store tells
//	WriteUnits   and it is not 0
//
// An unknown, ended or contested session is an answer and no error. A cookie
// that was refused made no operation: it has Calls alone. What went wrong
// stands beside the metrics, as Error.
//
// CloudWatch bills every metric of every operation as a custom metric of its
// own, and the lines as logs; a line has about 400 bytes.
//
// Start reading at [New].
package emf
