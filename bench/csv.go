package main

import (
	"bufio"
	"encoding/csv"
	"io"
	"strconv"

	"github.com/guanxicrm/guanxi/bench/dataset"
)

// writePlain writes the data set as any system could take it: the columns and
// their order are those of the published yardstick.
func writePlain(w io.Writer, rows int, header bool) error {
	buffered := bufio.NewWriterSize(w, 1<<20)
	out := csv.NewWriter(buffered)
	if header {
		if err := out.Write([]string{"id", "name", "owner", "phone", "email", "industry", "region", "status", "source", "amount", "created_at", "remark"}); err != nil {
			return err
		}
	}
	for id := 1; id <= rows; id++ {
		c := dataset.At(id)
		err := out.Write([]string{strconv.Itoa(id), c.Name, strconv.Itoa(c.Owner), c.Phone, c.Email, c.Industry.Name, c.Region.Name,
			dataset.Statuses[c.Status], c.Source, c.Amount(), c.CreatedText(), c.Remark})
		if err != nil {
			return err
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	return buffered.Flush()
}
