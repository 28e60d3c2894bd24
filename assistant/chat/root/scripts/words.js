// The words of our own buttons, panels and notices. What sheets and answers say is in French whatever the language is.
(function () {
  const sheets_fr = (count) => `${count} fiche${count > 1 ? 's' : ''}`;
  const sheets_en = (count) => `${count} sheet${count > 1 ? 's' : ''}`;
  const WORDS = {
    fr: {
      facets: { thematique: 'Thématique', demarche: 'Type de démarche', porteur: 'Type de porteur', source: 'Programme', annee: 'Année', region: 'Région', departement: 'Département' },
      input: 'Votre question', conversation: 'Conversation', new_tab: 'nouvel onglet',
      send: 'Envoyer la question', stop: 'Arrêter la réponse', new_chat: 'Nouvelle conversation', theme: "Changer l'apparence",
      close: 'Fermer', close_sheet: 'Fermer la fiche', copy: 'Copier le message', to_last: 'Aller au dernier message',
      edit: 'Modifier la question', edited: 'Question modifiée', resize: 'Largeur de la fiche',
      table: 'Tableau comparatif', scroll: 'Faites défiler le tableau →',
      searching: 'Recherche dans les fiches…', answered: (text) => `Réponse : ${text}`,
      // Cards and map.
      sheets: (count) => (count > 1 ? 'Fiches citées' : 'Fiche citée'), show_sheets: (count) => `Voir les ${sheets_fr(count)} en cartes`,
      page: 'p.', own_page: 'Page de la fiche', read: (title) => `Lire la fiche ${title}`,
      show_map: 'Voir sur la carte', hide_map: 'Masquer la carte', map: 'Carte des exemples',
      off_map: (count) => `${sheets_fr(count)} sans lieu sur la carte.`, credit: 'Fond : IGN, Licence Ouverte 2.0.',
      counts: 'Répartition', narrow: (label) => `Garder seulement : ${label}`, narrowing: (label) => `Nouvelle recherche, seulement « ${label} », ci-dessous.`,
      understood: 'Ce qui a été compris', understood_short: 'Compris :', remove: (label) => `Retirer le filtre ${label}`,
      remove_title: 'Retirer ce filtre et chercher de nouveau', removing: (label) => `Nouvelle recherche sans « ${label} » ci-dessous.`,
      within: 'Cherché seulement parmi :', without_filters: 'Chercher sans ces filtres',
      about_sheet: (title) => `Que retenir de « ${title} » ?`,
      next: 'Et ensuite ?', asked: (label) => `Question posée : ${label}`,
      // A sheet beside the chat.
      site: 'Site du projet (nouvel onglet)', ask_sheet: 'Poser une question sur cette fiche',
      members: (contact) => `Une fiche descriptive plus complète est réservée aux adhérents. Pour y accéder, écrivez à ${contact}.`,
      // Taking an answer away.
      away: 'Emporter la réponse', copy_all: 'Copier avec les sources', word: 'Word (.docx)', markdown: 'Markdown (.md)',
      copied: 'Réponse copiée avec ses sources.', not_copied: 'Votre navigateur ne permet pas de copier.',
      saved: (name) => `Fichier enregistré : ${name}`, preparing: 'Préparation du fichier…',
      forgotten: "Cette réponse n'est plus en mémoire : posez la question de nouveau.",
      // Filters of the conversation.
      filter: 'Filtrer les fiches', filters: 'Filtres de la conversation', filters_title: 'Chercher seulement parmi…',
      filters_help: 'Ces filtres valent pour toutes vos prochaines questions.', any: 'Tous', apply: 'Appliquer',
      clear: 'Tout effacer', cancel: 'Annuler', matching: (count) => (count ? `${sheets_fr(count)} ${count > 1 ? 'correspondent' : 'correspond'}.` : 'Aucune fiche ne correspond : retirez un filtre.'),
      filters_set: (labels) => (labels.length ? `Filtres de la conversation : ${labels.join(', ')}.` : 'Plus aucun filtre.'),
      unavailable: 'Les filtres ne sont pas disponibles pour le moment.',
      // Footer.
      about: 'À propos', about_text: [
        "Cet assistant cherche dans les fiches du centre et en cite les phrases. Il n'invente pas d'exemples, ne cherche pas sur le web et ne donne pas de conseil juridique : vérifiez la date et la fiche de chaque exemple.",
        "Cette conversation disparaît avec la page ; ce qui peut être conservé est dit dans la page Confidentialité.",
      ],
      links: { '/fiches': 'Toutes les fiches', '/confidentialite': 'Confidentialité', '/mentions-legales': 'Mentions légales', '/accessibilite': 'Accessibilité' },
      footer: "Pied de page",
    },
    en: {
      facets: { thematique: 'Theme', demarche: 'Type of approach', porteur: 'Type of organisation', source: 'Programme', annee: 'Year', region: 'Region', departement: 'Département' },
      input: 'Your question', conversation: 'Conversation', new_tab: 'new tab',
      send: 'Send the question', stop: 'Stop the answer', new_chat: 'New conversation', theme: 'Change the appearance',
      close: 'Close', close_sheet: 'Close the sheet', copy: 'Copy the message', to_last: 'Go to the last message',
      edit: 'Edit the question', edited: 'Edited question', resize: 'Width of the sheet',
      table: 'Comparison table', scroll: 'Scroll the table →',
      searching: 'Searching the sheets…', answered: (text) => `Answer: ${text}`,
      sheets: (count) => (count > 1 ? 'Sheets quoted' : 'Sheet quoted'), show_sheets: (count) => `Show the ${sheets_en(count)} as cards`,
      page: 'p.', own_page: "The sheet's page", read: (title) => `Read the sheet ${title}`,
      show_map: 'Show on the map', hide_map: 'Hide the map', map: 'Map of the examples',
      off_map: (count) => `${sheets_en(count)} without a place on the map.`, credit: 'Background: IGN, Licence Ouverte 2.0.',
      counts: 'Breakdown', narrow: (label) => `Keep only: ${label}`, narrowing: (label) => `New search, only “${label}”, below.`,
      understood: 'What was understood', understood_short: 'Understood:', remove: (label) => `Remove the filter ${label}`,
      remove_title: 'Remove this filter and search again', removing: (label) => `New search without “${label}” below.`,
      within: 'Searched only among:', without_filters: 'Search without these filters',
      about_sheet: (title) => `Que retenir de « ${title} » ?`,
      next: 'What next?', asked: (label) => `Question asked: ${label}`,
      site: "The project's site (new tab)", ask_sheet: 'Ask about this sheet',
      members: (contact) => `A fuller descriptive sheet is reserved for members. To get access, write to ${contact}.`,
      away: 'Take the answer away', copy_all: 'Copy with sources', word: 'Word (.docx)', markdown: 'Markdown (.md)',
      copied: 'Answer copied with its sources.', not_copied: 'Your browser does not allow copying.',
      saved: (name) => `File saved: ${name}`, preparing: 'Preparing the file…',
      forgotten: 'This answer is no longer in memory: please ask the question again.',
      filter: 'Filter the sheets', filters: 'Filters of the conversation', filters_title: 'Search only among…',
      filters_help: 'These filters hold for all your next questions.', any: 'All', apply: 'Apply',
      clear: 'Clear all', cancel: 'Cancel', matching: (count) => (count ? `${sheets_en(count)} match${count > 1 ? '' : 'es'}.` : 'No sheet matches: remove a filter.'),
      filters_set: (labels) => (labels.length ? `Filters of the conversation: ${labels.join(', ')}.` : 'No filter any more.'),
      unavailable: 'Filters are not available at the moment.',
      about: 'About', about_text: [
        "This assistant searches the centre's sheets and quotes their sentences, in French. It makes up no example, does not search the web and gives no legal advice: check the date and the sheet of each example.",
        'This conversation goes with the page; what may be kept is told on the privacy page (in French).',
      ],
      links: { '/fiches': 'All the sheets', '/confidentialite': 'Privacy', '/mentions-legales': 'Legal notice', '/accessibilite': 'Accessibility' },
      footer: 'Footer',
    },
  };
  window.assistant.words = WORDS[window.assistant.language];
})();
