// Package sqldbtest holds the contract of sqldb: the same tests on SQLite and
// on PostgreSQL. What passes here, the rest of the system may count on.
package sqldbtest
