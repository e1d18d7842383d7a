package importer

// Sample data that many know, and whose shape many files of shops share:
// Microsoft's Northwind, one file for each of its tables, and Superstore, a
// flat file of order lines.

var (
	northwindOrder = []string{"orderID", "customerID", "employeeID", "orderDate", "requiredDate", "shippedDate", "shipVia", "freight", "shipName", "shipAddress", "shipCity"}
	northwindLine  = []string{"orderID", "productID", "unitPrice", "quantity", "discount"}
	superstore     = []string{"Row ID", "Order ID", "Order Date", "Ship Date", "Ship Mode", "Customer ID", "Customer Name", "Segment", "Product ID", "Category",
		"Sub-Category", "Product Name", "Sales", "Quantity", "Discount", "Profit"}
)

// to sends columns to a field, joined in their order.
func to(field string, headers ...string) Mapping { return Mapping{Headers: headers, Field: field} }

// always gives every record a text.
func always(text, field string) Mapping { return Mapping{Const: text, Field: field} }

// samples are presets that say themselves where columns go. What a line came to
// in Superstore is its Sales; price and discount inform about it. Its customers
// and products stand in many rows, of which the first counts.
var samples = []preset{
	{system: "superstore", kind: "order", marks: superstore, keys: []string{"number"}, columns: []Mapping{
		to("number", "Order ID"), to("date", "Order Date"), to("deliver_on", "Ship Date"), to("carrier", "Ship Mode"), to("customer", "Customer ID"),
		to("address", "City", "State", "Postal Code"), always("USD", "currency"), always("done", "status"),
		to("items.product", "Product ID"), to("items.name", "Product Name"), to("items.given_amount", "Sales"), to("items.quantity", "Quantity"),
		to("items.discount", "Discount"), always("0", "items.tax_rate")}},
	{system: "superstore", kind: "customer", marks: superstore, keys: []string{"external_id"}, onMatch: Skip, columns: []Mapping{
		to("external_id", "Customer ID"), to("name", "Customer Name"), to("country", "Country")}},
	{system: "superstore", kind: "product", marks: superstore, keys: []string{"external_id"}, onMatch: Skip, columns: []Mapping{
		to("external_id", "Product ID"), to("name", "Product Name"), to("category", "Category"), always("0", "tax_rate")}},
	{system: "superstore", kind: "category", marks: superstore, keys: []string{"name"}, onMatch: Skip, columns: []Mapping{to("name", "Category")}},

	{system: "northwind", kind: "customer", marks: []string{"customerID", "companyName", "contactName", "contactTitle", "postalCode"}, keys: []string{"external_id"}, null: "NULL"},
	{system: "northwind", kind: "member", marks: []string{"employeeID", "lastName", "firstName", "titleOfCourtesy", "reportsTo", "hireDate"}, keys: []string{"external_id"}, null: "NULL"},
	{system: "northwind", kind: "category", marks: []string{"categoryID", "categoryName", "description"}, keys: []string{"external_id"}, null: "NULL", columns: []Mapping{
		to("external_id", "categoryID"), to("name", "categoryName"), to("remark", "description")}},
	{system: "northwind", kind: "product", marks: []string{"productID", "productName", "categoryID", "quantityPerUnit", "unitPrice", "discontinued"}, keys: []string{"external_id"}, null: "NULL",
		columns: []Mapping{to("external_id", "productID"), to("name", "productName"), to("category", "categoryID"), to("spec", "quantityPerUnit"), to("price", "unitPrice"), always("0", "tax_rate")}},
	{system: "northwind", kind: "order", marks: northwindOrder, keys: []string{"number"}, null: "NULL", columns: []Mapping{
		to("number", "orderID"), to("customer", "customerID"), to("owner", "employeeID"), to("date", "orderDate"), to("deliver_on", "requiredDate"), to("recipient", "shipName"),
		to("address", "shipAddress", "shipCity", "shipRegion", "shipPostalCode", "shipCountry")}},
	{system: "northwind", kind: "order", marks: northwindLine, keys: []string{"number"}, null: "NULL", columns: []Mapping{
		to("number", "orderID"), to("items.product", "productID"), to("items.price", "unitPrice"), to("items.quantity", "quantity"), to("items.discount", "discount"),
		always("done", "status")}},
}
