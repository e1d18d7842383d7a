package sheet

import "strings"

// mostHead is how many rows a header may have.
const mostHead = 3

// head gives the names of the columns. A header of several rows is known by
// the cells that are merged down over them (客户名称), beside those that are
// merged across (联系方式) with names of their own below (联系人, 电话). below is
// how many rows with content it has under its first.
func (t *table) head(row []Cell, line int) (names []string, below int64, err error) {
	last := line
	for _, m := range t.Merged() {
		if m.Row1 == line && m.Row2 > last && m.Row2 < line+mostHead {
			last = m.Row2
		}
	}
	if last == line {
		return headerNames(row), 0, nil
	}
	top := append([]Cell(nil), row...)
	lower := map[int][]Cell{}
	for {
		if err := t.hold(1); err != nil {
			return nil, 0, err
		}
		if len(t.held) == 0 || t.held[0].line > last {
			break
		}
		lower[t.held[0].line] = t.held[0].row
		t.held = t.held[1:]
		below++
	}
	return headerNames(t.joined(top, lower, line, last)), below, nil
}

// joined makes one row of the rows of a header: each column is called by its
// lowest name, and by the one above it too where others are called the same.
func (t *table) joined(top []Cell, lower map[int][]Cell, line, last int) []Cell {
	for _, m := range t.Merged() {
		if m.Row1 != line || m.Col1 > len(top) || m.Col2 == m.Col1 || m.Col2 > maxColumns {
			continue
		}
		for len(top) < m.Col2 {
			top = append(top, Cell{})
		}
		for c := m.Col1; c < m.Col2; c++ {
			top[c] = top[m.Col1-1]
		}
	}
	leaf := append([]Cell(nil), top...)
	for at := line + 1; at <= last; at++ {
		for i, c := range lower[at] {
			if isBlank(c.Text) {
				continue
			}
			for len(leaf) <= i {
				leaf = append(leaf, Cell{})
			}
			leaf[i] = c
		}
	}
	times := map[string]int{}
	for _, c := range leaf {
		times[strings.TrimSpace(c.Text)]++
	}
	for i := range leaf {
		name := strings.TrimSpace(leaf[i].Text)
		if i < len(top) && times[name] > 1 && !isBlank(top[i].Text) && strings.TrimSpace(top[i].Text) != name {
			leaf[i] = T(strings.TrimSpace(top[i].Text) + " " + name)
		}
	}
	return leaf
}
