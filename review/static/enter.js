"use strict";
// The token stands behind the # of the link: browsers send that part to nobody. It leaves the address before it is used.
const token = location.hash.slice(1);
if (token) {
  history.replaceState(null, "", "/enter");
  const form = document.getElementById("enter");
  form.elements.token.value = token;
  form.submit();
}
