package localtest

import (
	"encoding/json"
	"net/http"
)

// answer is what the fault answers by itself; nothing, if it does not.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
func (f Fault) answer(q faultRequest) faultAnswer {
	switch f.Kind {
	case ServerError:
		return dynamoDBError(http.StatusInternalServerError, dynamoDBErrors+"InternalServerError", "Internal server error")
	case InvalidJSON:
		return dynamoDBAnswer(http.StatusOK, "<html>")
	case Throttling:
		return refusal("com.amazon.coral.availability#ThrottlingException", "Throughput exceeds the current capacity of your table or index.")
	case AccessDenied:
		return refusal("com.amazon.coral.service#AccessDeniedException", "User is not authorized to perform: dynamodb:"+q.operation)
	case NoSuchTable:
		return refusal(dynamoDBErrors+"ResourceNotFoundException", "Requested resource not found")
	case TransactionInProgress:
		return refusal(dynamoDBErrors+"TransactionInProgressException", "The transaction with the given request token is already in progress.")
	case TransactionConflict:
		if q.operation == "TransactWriteItems" || q.operation == "TransactGetItems" {
			return cancellation(q, "TransactionConflict", transactionOngoing)
		}
		return refusal(dynamoDBErrors+"TransactionConflictException", transactionOngoing)
	default:
		return faultAnswer{}
	}
}

const (
	dynamoDBErrors     = "com.amazonaws.dynamodb.v20120810#"
	transactionOngoing = "Transaction is ongoing for the item"
)

func dynamoDBAnswer(status int, body string) faultAnswer {
	return faultAnswer{
		status: status,
		header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		body:   []byte(body),
	}
}

func dynamoDBError(status int, code, message string) faultAnswer {
	body, _ := json.Marshal(map[string]string{"__type": code, "message": message}) // strings always encode
	return dynamoDBAnswer(status, string(body))
}

// refusal is an error by which DynamoDB says that it has done nothing.
func refusal(code, message string) faultAnswer {
	return dynamoDBError(http.StatusBadRequest, code, message)
}

// cancellation is how DynamoDB cancels a transaction for what is in the way of
// its first item.
func cancellation(q faultRequest, code, message string) faultAnswer {
	type reason struct{ Code, Message string }
	var transaction struct{ TransactItems []json.RawMessage }
	_ = json.Unmarshal(q.body, &transaction) // what is none has no items
	reasons := []reason{{code, message}}
	for range max(0, len(transaction.TransactItems)-1) {
		reasons = append(reasons, reason{Code: "None"})
	}
	body, _ := json.Marshal(map[string]any{ // strings always encode
		"__type":              dynamoDBErrors + "TransactionCanceledException",
		"Message":             "Transaction cancelled, please refer cancellation reasons for specific reasons [" + code + "]",
		"CancellationReasons": reasons,
	})
	return dynamoDBAnswer(http.StatusBadRequest, string(body))
}
