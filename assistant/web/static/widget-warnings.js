// What the widget tells those who embed it, in the browser's console: loaded when there is something to tell. The guide
// tells the same: docs/fr/integrer.md.
const BASE = new URL('.', import.meta.url).href;
const ORIGIN = new URL(BASE).origin;
const ADMIN = `${BASE}admin/widget`;

export const WARNINGS = {
  fr: {
    refused: (site) => `ce site (${site}) n’est pas autorisé à l’afficher. L’équipe du centre peut l’ajouter : ${ADMIN}`,
    opaque: () => `cette page a pour origine « null » (fichier ouvert depuis le disque, ou cadre isolé), qui ne peut pas être autorisée. Servez-la depuis une adresse http:// ou https://, à ajouter ici : ${ADMIN}`,
    policy: () => `la politique de sécurité (CSP) de cette page l’empêche de s’afficher. Ajoutez-y : frame-src ${ORIGIN}`,
    nested: (sites) => `cette page est elle-même dans un cadre d’un autre site (${sites}), qui doit aussi être autorisé : ${ADMIN}`,
    silent: () => `${ORIGIN} ne répond pas : le serveur est arrêté, ou quelque chose le bloque entre ce navigateur et lui.`,
    option: (name, value, allowed) => `${name}="${value}" n’est pas accepté. Possible : ${allowed}.`,
    unknown: (name, known) => `${name} n’est pas une de ses options, qui sont : ${known}.`,
    vouch: (error) => `la fonction donnée à vouch() a échoué (${error}) : la personne reste simple visiteur.`,
  },
  en: {
    refused: (site) => `this site (${site}) is not allowed to show it. The staff of the centre can add it: ${ADMIN}`,
    opaque: () => `the origin of this page is "null" (a file opened from the disk, or an isolated frame), which cannot be allowed. Serve it from an http:// or https:// address, to be added here: ${ADMIN}`,
    policy: () => `the security policy (CSP) of this page keeps it from showing. Add to it: frame-src ${ORIGIN}`,
    nested: (sites) => `this page is itself in a frame of another site (${sites}), which must be allowed too: ${ADMIN}`,
    silent: () => `${ORIGIN} does not answer: the server is stopped, or something blocks it between this browser and it.`,
    option: (name, value, allowed) => `${name}="${value}" is not accepted. Possible: ${allowed}.`,
    unknown: (name, known) => `${name} is none of its options, which are: ${known}.`,
    vouch: (error) => `the function given to vouch() failed (${error}): the person stays a visitor.`,
  },
};
