// Package address declares where goods for a customer go (收货地址), lines of
// the customer (CUS-1).
package address

import (
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// The fields. At most one address of a customer is the default.
var (
	Consignee = entity.Text("consignee", 100).Required()
	Phone     = entity.Phone("phone").Sensitive()
	Region    = entity.Region("region")
	Street    = entity.Text("address", 300).Required()
	Postcode  = entity.Text("postal_code", 20)
	Default   = entity.Switch("is_default").Default("false")
	Remark    = entity.Text("remark", 300)
)

// Entity is crm.customer_address.
var Entity = entity.Def{
	Name:   "crm.customer_address",
	Icon:   "map-pin",
	Fields: entity.Fields(Consignee, Phone, Region, Street, Postcode, Default, Remark),
	Title:  Consignee,
	Layout: schema.Layout{
		List:   []string{"parent", "consignee", "phone", "region", "address", "postal_code", "is_default", "remark"},
		Sort:   "-id",
		Groups: []schema.Group{{Key: "basic", Fields: []string{"consignee", "phone", "region", "address", "postal_code", "is_default", "remark"}, Columns: 2}},
	},
}
