// What Zotero's own translators make of a file: node zotero_import.js TRANSLATORS UTILITIES SCHEMA TRANSLATOR FILE
// prints the items as JSON. TRANSLATORS and UTILITIES are clones of zotero/translators and zotero/utilities, SCHEMA is
// schema.json of zotero/zotero-schema. The translators see what Zotero gives them, as far as these ask for it.
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const [translators, utilities, schema, translator, file] = process.argv.slice(2);
const module_of = name => require(path.resolve(utilities, name));
globalThis.Zotero = { locale: "en-US", debug: () => {}, isNode: true, isServer: false };
Zotero.Schema = module_of("schema.js");
Zotero.Utilities = module_of("utilities.js");
Zotero.Utilities.Item = module_of("utilities_item.js");
Zotero.Date = module_of("date.js");
Zotero.Schema.init(fs.readFileSync(schema, "utf-8"));
Zotero.Date.init(fs.readFileSync(path.join(utilities, "resource", "dateFormats.json"), "utf-8"));
const types = module_of("cachedTypes.js");
types.setTypeSchema(module_of("resource/zoteroTypeSchemaData.js"));
Object.assign(Zotero, types);

const text = fs.readFileSync(file, "utf-8").replace(/\r\n/g, "\n");
const items = [];
let at = 0;

class Item {
	constructor(itemType) {
		Object.assign(this, { itemType, creators: [], notes: [], tags: [], seeAlso: [], attachments: [] });
	}
	complete() {
		items.push(Object.assign({}, this));
	}
}

function read(length) { // with a number so many characters, else a line; false at the end
	if (at >= text.length) return false;
	const end = length ? at + length : (text.indexOf("\n", at) + 1 || text.length + 1) - 1;
	const part = text.slice(at, end);
	at = length ? end : end + 1;
	return part;
}

const util = Object.assign(Object.create(Zotero.Utilities), {
	fieldIsValidForType: (field, type) => types.ItemFields.isValidForType(
		types.ItemFields.getID(field), types.ItemTypes.getID(type)),
	getCreatorsForType: type => types.CreatorTypes.getTypesForItemType(types.ItemTypes.getID(type)).map(one => one.name),
	getVersion: () => "7.0",
	strToDate: text => Zotero.Date.strToDate(text),
	strToISO: text => Zotero.Date.strToISO(text),
	formatDate: date => Zotero.Date.formatDate(date),
	itemFromCSLJSON: (item, json) => Zotero.Utilities.Item.itemFromCSLJSON(item, json),
});
const zotero = {
	Item, read, Utilities: util, debug: () => {}, write: () => {}, getOption: () => false, getHiddenPref: () => undefined,
	setProgress: () => {}, setCharacterSet: () => {}, Collection: class { complete() {} }, parentTranslator: null,
	isServer: false, done: () => {},
};
const code = fs.readFileSync(path.join(translators, `${translator}.js`), "utf-8").replace(/^\{[\s\S]*?\n\}\n/, "");
const context = vm.createContext({ Zotero: zotero, Z: zotero, ZU: util, console, setTimeout });
vm.runInContext(code, context, { filename: translator });
vm.runInContext(`globalThis.found = typeof detectImport === "function" ? detectImport() : true`, context);
const known = context.found;
at = 0;
Promise.resolve(vm.runInContext("doImport()", context)).then(() => process.stdout.write(JSON.stringify({ known: Boolean(known), items })));
