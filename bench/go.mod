// The benchmark. A module of its own: its floor is the only place that links
// SQLite's C library, and nothing of it enters the product.
module github.com/guanxicrm/guanxi/bench

go 1.26.0

require github.com/mattn/go-sqlite3 v1.14.53
