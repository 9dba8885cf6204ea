"""Documents of the money: receipts, invoices, credit notes, statements, advices, notices."""
