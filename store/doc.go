// Package store is the contract between the session manager and a home for
// sessions: six operations, the records they carry and the errors they give.
//
// Start with [Store]; [Record] and [Changes] are what it carries, [Key] is
// what names a session. A store that can find all sessions of one user also
// implements [Subjects], one whose keys are not those of [NewKey] implements
// [KeyFormer]. Package storetest runs every sentence of the
// contract against any store.
//
// The package knows neither AWS nor HTTP and imports the standard library
// alone.
package store
