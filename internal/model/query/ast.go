// Package query is the one predicate language: text or JSON becomes a tree,
// the tree is bound to the registry, and a bound condition is turned into SQL
// by the store or decided in memory here. Negation is pushed down to the
// operators, so that every condition is plainly true or false:
//
//   - an empty value never matches ==, in, <, <=, >, >=, between, contains,
//     starts_with, under, nor the negations of <, <=, >, >= and between;
//   - it does match !=, not in, not contains, not starts_with, not under;
//   - a many-valued field matches a positive operator when one of its values
//     does, and a negative one when none does;
//   - a path through a reference that is empty or may not be read behaves as
//     an empty value.
package query

import (
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Kind says what a Node is.
type Kind uint8

// The kinds of nodes.
const (
	And Kind = iota
	Or
	Not
	Compare
)

// Node is an unbound condition as somebody wrote it. A nil Node is "everything".
type Node struct {
	Kind Kind
	Kids []*Node // And, Or, Not
	Path string  // Compare: field or path such as owner.name
	Op   schema.Op
	Args []Arg
}

// ArgKind says what an Arg is.
type ArgKind uint8

// The kinds of arguments.
const (
	Literal ArgKind = iota // text, number or boolean, in text form
	NullArg                // null
	Func                   // me, today(), month_start(-1) …
)

// Arg is one operand.
type Arg struct {
	Kind ArgKind
	Text string // Literal: the value; Func: the name
	N    int64  // Func: its argument
	HasN bool
}

// Comparing is the condition that compares a field, or a path to one, with
// values in text form: none for OpNull and OpNotNull, several for OpIn.
func Comparing(path string, op schema.Op, texts ...string) *Node {
	n := &Node{Kind: Compare, Path: path, Op: op}
	for _, t := range texts {
		n.Args = append(n.Args, Arg{Text: t})
	}
	return n
}

// All joins conditions by and; nil ones are left out.
func All(nodes ...*Node) *Node {
	var kids []*Node
	for _, n := range nodes {
		if n != nil {
			kids = append(kids, n)
		}
	}
	switch len(kids) {
	case 0:
		return nil
	case 1:
		return kids[0]
	}
	return &Node{Kind: And, Kids: kids}
}

// Sort orders by one field.
type Sort struct {
	Field *schema.Field
	Desc  bool
}
