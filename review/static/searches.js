"use strict";
// While a search is at work the page is loaded again, until it shows what was found.
if (document.getElementById("working")) setTimeout(() => location.reload(), 2000);
