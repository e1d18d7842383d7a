// Package text prepares text for comparing, sorting and searching: folded
// keys, pinyin sort keys, search tokens, and the normal forms of phones, mail
// addresses, web addresses and Chinese identity numbers.
//
// # Search
//
// One tokenizer serves both databases. It gives tokens of letters and digits
// only, so that FTS5 (unicode61, remove_diacritics 0) and PostgreSQL
// (tsvector 'simple') take each as one word; the index text is the tokens
// joined by blanks, in order, because phrases go by position. Everything is
// folded first: NFKC (width), lower case, marks dropped.
//
//	text                     tokens
//	招商银行                  招商 商银 银行 行                      Han: adjacent pairs, then the last character alone
//	                         pzhaoshang pshangyin pyinhang phang0  p: pairs of syllables, then the last one and 0
//	                         izsyh isyh iyh ih                     i: the next 4 initials from every character
//	HT2024                   wht2024 w2024 d4202                   w: words, and what follows a change of letters and digits
//	138-0013-8000            w138 w0013 w8000 d3100 d0008          d: digits backwards, so that a tail is a prefix
//	                         w13800138000 d00083100831             and so for the number without its separators
//
// Why pairs of syllables and not whole suffixes: a suffix of pinyin is almost
// unique, a pair is one of some 100,000 terms, so that an index over a million
// names holds short lists instead of many million terms. A query is cut into
// syllables in every way that is possible; the cuts are alternatives, each a
// phrase of pairs whose last may be unfinished. Initials work the same with
// four letters a token. The token that ends a run has another form than those
// inside it, which keeps phrases from crossing runs.
//
// A character with several readings in living use gives a sequence of tokens
// for each combination, at most 64 a text (readings_data.go has the lists).
// Readings of old Chinese are left out: they would double the index of every
// second name (技术, 汽车) and find what nobody meant. Readings that live in a few
// words or as a family name only count there (大夫, 万俟, 区). Only the first 64
// Han characters of a text get pinyin: names have it, prose does not need it.
//
// Measured on company names of 12 to 16 characters: 350 bytes of tokens, and
// 160 bytes in an optimized FTS5 index, a name.
//
// Match is the same by definition, without index; tests hold the two equal.
package text
