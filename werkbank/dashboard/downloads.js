// What is shown as files, made here of what stands on the page: the tables of a view as .csv and as .xlsx, a chart as
// .svg and as .png. Each says what it is; their names hold no more than the view and the day.
{
  const clean = (text) => text.replace(/\s+/g, " ").trim();
  const labels = [...document.querySelectorAll(".band p")].map((one) => clean(one.textContent));
  const day = document.querySelector("meta[name=werkbank-made]").content;
  const heading = () => [...labels, clean(document.querySelector("h1").textContent), `${named(shown()).join(", ")} · ${data.take.made} ${data.take.day}`];
  const save = (content, kind, end, what = shown().view) => {
    const link = make("a", { download: `werkbank-${what}-${day}.${end}`, href: URL.createObjectURL(new Blob([content], { type: kind })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // The tables of the view that is shown, with the rows of the chosen park where a table is about one park at a time; the
  // agenda is one of a single column.
  const written = (cell) => {
    const seen = cell.cloneNode(true), items = seen.getElementsByTagName("li");
    for (const spoken of seen.querySelectorAll(".unseen, .discuss")) { spoken.remove(); }
    return [...(items.length ? items : [seen])].map((one) => clean(one.textContent)).join("; ");
  };
  const SHOWN = "section.view:not([hidden]) :is(table, .agreement ol)";
  const tables = () => [...document.querySelectorAll(SHOWN)].filter((one) => !one.closest("[hidden]")).map((one) => {
    if (one.rows) {
      const rows = [...one.rows].filter((row) => !row.hidden).map((row) => [...row.cells].map(written));
      return { name: clean(one.caption?.textContent ?? ""), rows };
    }
    const name = data.take.agenda;
    return { name, rows: [[name], ...[...one.children].map((item) => [written(item)])] };
  });

  // A Dutch number as a number; all else is text, which no spreadsheet may take for a formula (as in report/tables.py).
  const number = (text) => /^[-\u2212]?(0|[1-9]\d*|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?$/.test(text) ? Number(text.replace("\u2212", "-").replaceAll(".", "").replace(",", ".")) : null;
  const harmless = (text) => /^[ \u00a0\u200b\ufeff]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  const field = (text) => `"${(number(text) === null ? harmless(text) : text.replace("\u2212", "-")).replaceAll('"', '""')}"`;
  const csv = () => {
    const rows = [...heading().map((line) => [line]), ...tables().flatMap(({ name, rows }) => [[], [name], ...rows])];
    return `\ufeff${rows.map((row) => row.map(field).join(";")).join("\r\n")}\r\n`;
  };

  const xml = (text) => text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "").replace(/[<>&"]/g, (char) => `&#${char.charCodeAt(0)};`);
  const letters = (at) => (at < 26 ? "" : letters(Math.floor(at / 26) - 1)) + String.fromCharCode(65 + (at % 26));
  const cell = (text, place, bold) => {
    if (!text) { return ""; }
    const value = number(text), look = bold ? ' s="1"' : "";
    return value === null ? `<c r="${place}"${look} t="inlineStr"><is><t xml:space="preserve">${xml(text.slice(0, 32767))}</t></is></c>` : `<c r="${place}"${look}><v>${value}</v></c>`;
  };
  const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const sheet = ({ name, rows }) => {
    const above = [...heading().map((line) => [line]), [name], []], all = [...above, ...rows], head = above.length;
    const widths = (rows[0] ?? []).map((_, at) => Math.min(60, Math.max(8, ...rows.map((row) => (row[at] ?? "").length + 2))));
    const lines = all.map((row, y) => `<row r="${y + 1}">${row.map((text, x) => cell(text, `${letters(x)}${y + 1}`, y === head || y === head - 2)).join("")}</row>`);
    return `<worksheet ${MAIN}><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"><pane ySplit="${head + 1}" topLeftCell="A${head + 2}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`
      + `<cols>${widths.map((wide, at) => `<col min="${at + 1}" max="${at + 1}" width="${wide}" customWidth="1"/>`).join("")}</cols><sheetData>${lines.join("")}</sheetData>`
      + `<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><headerFooter><oddHeader>&amp;C${xml(labels.join(" · ").slice(0, 200).replaceAll("&", "&&"))}</oddHeader></headerFooter></worksheet>`;
  };
  const xlsx = () => {
    const found = tables(), names = found.map(({ name }, at) => xml(`${at + 1} ${name.replace(/[\][:*?/\\']/g, " ")}`.slice(0, 31).trim()));
    const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", packed = "http://schemas.openxmlformats.org/package/2006";
    const kind = (part, type) => `<Override PartName="/xl/${part}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`;
    const relation = (id, type, target) => `<Relationship Id="r${id}" Type="${office}/${type}" Target="${target}"/>`;
    const relations = (...own) => `<Relationships xmlns="${packed}/relationships">${own.join("")}</Relationships>`;
    return zipped({
      "[Content_Types].xml": `<Types xmlns="${packed}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${kind("workbook", "sheet.main")}${kind("styles", "styles")}${found.map((_, at) => kind(`worksheets/sheet${at + 1}`, "worksheet")).join("")}</Types>`,
      "_rels/.rels": relations(relation(0, "officeDocument", "xl/workbook.xml")),
      "xl/workbook.xml": `<workbook ${MAIN} xmlns:r="${office}"><sheets>${names.map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="r${at + 1}"/>`).join("")}</sheets></workbook>`,
      "xl/_rels/workbook.xml.rels": relations(relation(0, "styles", "styles.xml"), ...found.map((_, at) => relation(at + 1, "worksheet", `worksheets/sheet${at + 1}.xml`))),
      "xl/styles.xml": `<styleSheet ${MAIN}><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
      ...Object.fromEntries(found.map((one, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheet(one)])),
    });
  };

  // A zip of texts that are not made smaller: a head with its content for each, then the list of where they lie.
  const CRC = Uint32Array.from({ length: 256 }, (_, at) => { for (let bit = 0; bit < 8; bit += 1) { at = at & 1 ? 0xedb88320 ^ (at >>> 1) : at >>> 1; } return at; });
  const sum = (bytes) => ~bytes.reduce((before, byte) => CRC[(before ^ byte) & 255] ^ (before >>> 8), -1) >>> 0;
  const numbers = (...pairs) => {
    const view = new DataView(new ArrayBuffer(pairs.reduce((size, [wide]) => size + wide, 0)));
    pairs.reduce((at, [wide, value]) => { view[wide === 4 ? "setUint32" : "setUint16"](at, value, true); return at + wide; }, 0);
    return new Uint8Array(view.buffer);
  };
  const zipped = (files) => {
    const parts = [], list = [], size = (all) => all.reduce((total, one) => total + one.length, 0);
    for (const [name, text] of Object.entries(files)) {
      const [path, content] = [name, text.startsWith("<") ? `<?xml version="1.0" encoding="UTF-8"?>${text}` : text].map((one) => new TextEncoder().encode(one));
      // UTF-8 names, stored as they are, on the first of January 1980: equal data, equal bytes.
      const own = [[2, 20], [2, 2048], [2, 0], [2, 0], [2, 33], [4, sum(content)], [4, content.length], [4, content.length], [2, path.length], [2, 0]];
      list.push(numbers([4, 0x02014b50], [2, 20], ...own, [2, 0], [2, 0], [2, 0], [4, 0], [4, size(parts)]), path);
      parts.push(numbers([4, 0x04034b50], ...own), path, content);
    }
    const count = list.length / 2;
    return new Blob([...parts, ...list, numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size(list)], [4, size(parts)], [2, 0])]);
  };

  // A chart with its title above and the labels below it.
  const FONT = 13, MARGIN = 12;
  const folded = (text, wide) => text.split(" ").reduce((lines, word) => {
    if (lines.length && lines.at(-1).length + word.length < wide) { lines[lines.length - 1] += ` ${word}`; } else { lines.push(word); }
    return lines;
  }, []);
  const svg = async (plot, title) => {
    const drawn = new DOMParser().parseFromString(await plot.view.toSVG(), "image/svg+xml").documentElement;
    const [wide, high] = ["width", "height"].map((side) => Number(drawn.getAttribute(side)));
    const fold = (text) => folded(text, Math.floor((wide - 2 * MARGIN) / (FONT * 0.56)));
    const [above, below] = [fold(title), heading().flatMap(fold)], step = FONT * 1.4;
    const line = (bold) => (text, at) => `<text x="${MARGIN}" y="${(at + 1) * step}" font-size="${FONT}" font-family="sans-serif"${bold}>${xml(text)}</text>`;
    const paper = getComputedStyle(document.documentElement).getPropertyValue("--paper").trim();
    const top = above.length * step + MARGIN, whole = top + high + below.length * step + MARGIN;
    drawn.setAttribute("y", top);
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${whole}" viewBox="0 0 ${wide} ${whole}"><rect width="100%" height="100%" fill="${paper}"/>${above.map(line(' font-weight="bold"')).join("")}`
      + `${new XMLSerializer().serializeToString(drawn)}<g transform="translate(0 ${top + high})">${below.map(line("")).join("")}</g></svg>`;
  };
  const png = async (text) => {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = make("canvas", { width: image.width * 2, height: image.height * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => { canvas.toBlob(done, "image/png"); });
  };

  const button = (end, name, act) => {
    const made = make("button", { type: "button", textContent: `.${end}`, onclick: act });
    made.setAttribute("aria-label", name);
    return made;
  };
  const { data: of_view, chart: of_chart } = data.take;
  take.append(of_view, button("xlsx", `${of_view} .xlsx`, () => save(xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")),
    button("csv", `${of_view} .csv`, () => save(csv(), "text/csv;charset=utf-8", "csv")));
  const offer = () => {
    take.hidden = !document.querySelector(SHOWN);
    for (const plot of document.querySelectorAll("figure:not(:has(> .take)) > .plot[data-chart]")) {
      const title = plot.getAttribute("aria-label"), what = () => `${shown().view}-figuur-${Number(plot.dataset.chart) + 1}`;
      plot.parentElement.querySelector(".state").after(make("p", { className: "take" }, of_chart,
        button("svg", `${of_chart} ${title} .svg`, async () => save(await svg(plot, title), "image/svg+xml", "svg", what())),
        button("png", `${of_chart} ${title} .png`, async () => save(await png(await svg(plot, title)), "image/png", "png", what()))));
    }
  };
  document.addEventListener("shown", offer);
  offer();
}
