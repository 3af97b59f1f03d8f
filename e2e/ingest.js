const contacts = new URLSearchParams(location.search).get("contacts");
document.querySelector("mops-source").setAttribute("contacts", contacts);
