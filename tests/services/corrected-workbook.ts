import exceljs from 'exceljs';

/** Changes cells of a workbook by the name in their heading's brackets, as a person would in Excel; gives its bytes. */
export async function correctWorkbook(
  path: string,
  change: (row: Readonly<Record<string, string>>) => Readonly<Record<string, string | number>>,
): Promise<Buffer> {
  const book = new exceljs.Workbook();
  await book.xlsx.readFile(path);
  const sheet = book.worksheets[0];
  if (!sheet) throw new Error('no sheet');
  const columns = new Map<string, number>();
  sheet.getRow(1).eachCell((cell, column) => {
    const name = /\[(\w+)\]$/.exec(cell.text)?.[1];
    if (name !== undefined) columns.set(name, column);
  });
  for (let n = 2; n <= sheet.rowCount; n += 1) {
    const row = sheet.getRow(n);
    const texts = [...columns].map(([name, column]) => [name, row.getCell(column).text] as const);
    for (const [name, value] of Object.entries(change(Object.fromEntries(texts)))) {
      row.getCell(columns.get(name) ?? 0).value = value;
    }
  }
  return Buffer.from(await book.xlsx.writeBuffer());
}
