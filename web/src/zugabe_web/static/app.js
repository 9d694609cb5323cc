// Pages work without this file. Links of older mails have their token behind the #, where only
// the browser sees it.
"use strict";
if (location.hash.startsWith("#eyJ")) {
  try {
    const claims = JSON.parse(atob(location.hash.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
    location.replace("/einstieg/" + encodeURIComponent(claims.partner) + "?link=" + location.hash.slice(1));
  } catch {
    history.replaceState(null, "", location.pathname);
  }
}
