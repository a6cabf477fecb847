// Every word of the desk in one table: a line has its name, then English, Spanish, Portuguese, French and German.

const TABLE = `
desk|Desk|Escritorio|Secretária|Bureau|Schreibtisch
skip|Skip to content|Ir al contenido|Ir para o conteúdo|Aller au contenu|Zum Inhalt
menu|Menu|Menú|Menu|Menu|Menü
loading|Loading…|Cargando…|A carregar…|Chargement…|Wird geladen…
leads|Leads|Contactos|Contactos|Prospects|Anfragen
waiting|Waiting|En espera|Em espera|En attente|Wartet
measure|Measure|Medir|Medir|Mesurer|Messen
reports|Reports|Informes|Relatórios|Rapports|Berichte
api|API reference|Referencia de la API|Referência da API|Référence de l’API|API-Referenz
graphql|GraphQL|GraphQL|GraphQL|GraphQL|GraphQL
theme|Theme|Tema|Tema|Thème|Darstellung
system|System|Sistema|Sistema|Système|System
light|Light|Claro|Claro|Clair|Hell
dark|Dark|Oscuro|Escuro|Sombre|Dunkel
uiLanguage|Language|Idioma|Idioma|Langue|Sprache
shortcuts|Keyboard|Teclado|Teclado|Clavier|Tastatur
signOut|Sign out|Salir|Sair|Se déconnecter|Abmelden
account|Theme, sign out|Tema, salir|Tema, sair|Thème, déconnexion|Darstellung, abmelden
signIn|Open the desk|Abrir el escritorio|Abrir a secretária|Ouvrir le bureau|Schreibtisch öffnen
key|Access key|Clave de acceso|Chave de acesso|Clé d’accès|Zugangsschlüssel
keyHelp|It begins with crm_sk_. This tab forgets it when it is closed.|Empieza por crm_sk_. Esta pestaña la olvida al cerrarse.|Começa por crm_sk_. Este separador esquece-a quando é fechado.|Elle commence par crm_sk_. Cet onglet l’oublie à sa fermeture.|Er beginnt mit crm_sk_. Dieser Tab vergisst ihn beim Schließen.
open|Open the desk|Abrir el escritorio|Abrir a secretária|Ouvrir le bureau|Schreibtisch öffnen
keyWrong|This key does not open the desk. Copy all of it or ask for a new one.|Esta clave no abre el escritorio. Cópiela entera o pida otra.|Esta chave não abre a secretária. Copie-a toda ou peça outra.|Cette clé n’ouvre pas le bureau. Copiez-la en entier ou demandez-en une autre.|Dieser Schlüssel öffnet den Schreibtisch nicht. Kopieren Sie ihn ganz oder bitten Sie um einen neuen.
keyLacks|This key may not do this. Ask for a key that is made for the desk.|Esta clave no permite hacer esto. Pida una hecha para el escritorio.|Esta chave não permite fazer isto. Peça uma feita para a secretária.|Cette clé ne permet pas cela. Demandez une clé faite pour le bureau.|Dieser Schlüssel darf das nicht. Bitten Sie um einen, der für den Schreibtisch gemacht ist.
keyEmpty|Paste your access key.|Pegue su clave de acceso.|Cole a sua chave de acesso.|Collez votre clé d’accès.|Fügen Sie Ihren Zugangsschlüssel ein.
offline|The desk cannot be reached. Check your connection.|No se puede llegar al escritorio. Revise su conexión.|Não é possível chegar à secretária. Verifique a ligação.|Le bureau est injoignable. Vérifiez votre connexion.|Der Schreibtisch ist nicht erreichbar. Prüfen Sie Ihre Verbindung.
away|The data cannot be reached right now. Nothing was changed.|Ahora no se puede llegar a los datos. No se ha cambiado nada.|Agora não é possível chegar aos dados. Nada foi alterado.|Les données sont injoignables pour l’instant. Rien n’a été modifié.|Die Daten sind gerade nicht erreichbar. Nichts wurde geändert.
busy|Too many requests at once. Try again in {0} s.|Demasiadas peticiones a la vez. Inténtelo de nuevo en {0} s.|Demasiados pedidos ao mesmo tempo. Tente de novo daqui a {0} s.|Trop de demandes à la fois. Réessayez dans {0} s.|Zu viele Anfragen auf einmal. Versuchen Sie es in {0} s noch einmal.
gone|This is not here any more.|Esto ya no está aquí.|Isto já não está aqui.|Ceci n’est plus là.|Das ist nicht mehr hier.
moved|Somebody else changed this at the same time. Look at it again, then repeat what you did.|Otra persona lo cambió al mismo tiempo. Mírelo de nuevo y repita lo que hizo.|Outra pessoa alterou isto ao mesmo tempo. Veja de novo e repita o que fez.|Quelqu’un d’autre l’a modifié en même temps. Regardez de nouveau, puis recommencez.|Jemand anderes hat das gleichzeitig geändert. Sehen Sie es noch einmal an und wiederholen Sie, was Sie taten.
refused|This cannot be done with it as it is now.|No se puede hacer tal como está ahora.|Não pode ser feito tal como está agora.|Ce n’est pas possible dans son état actuel.|So, wie es jetzt ist, geht das nicht.
wrong|Something went wrong on our side. Nothing was changed.|Algo falló por nuestra parte. No se ha cambiado nada.|Algo falhou do nosso lado. Nada foi alterado.|Quelque chose a échoué de notre côté. Rien n’a été modifié.|Bei uns ging etwas schief. Nichts wurde geändert.
unclear|This could not be understood. Check what you typed.|No se ha entendido. Revise lo que escribió.|Não foi possível entender. Verifique o que escreveu.|Cela n’a pas été compris. Vérifiez ce que vous avez saisi.|Das wurde nicht verstanden. Prüfen Sie Ihre Eingabe.
again|Try again|Intentar de nuevo|Tentar de novo|Réessayer|Noch einmal versuchen
details|For whoever looks after this|Para quien se ocupa de esto|Para quem cuida disto|Pour qui s’en occupe|Für die Betreuung
kept|What you typed is still here.|Lo que escribió sigue aquí.|O que escreveu continua aqui.|Ce que vous avez saisi est toujours là.|Ihre Eingabe ist noch da.
find|Find a lead|Buscar un contacto|Procurar um contacto|Trouver un prospect|Anfrage suchen
findHint|Name, e-mail, phone, company|Nombre, correo, teléfono, empresa|Nome, e-mail, telefone, empresa|Nom, e-mail, téléphone, société|Name, E-Mail, Telefon, Firma
addLead|Add lead|Añadir contacto|Adicionar contacto|Ajouter un prospect|Anfrage anlegen
csv|Download CSV|Descargar CSV|Descarregar CSV|Télécharger le CSV|CSV laden
views|Views|Vistas|Vistas|Vues|Ansichten
all|All|Todos|Todos|Tous|Alle
mine|Mine|Míos|Meus|Les miens|Meine
whoAmI|Who are you?|¿Quién es usted?|Quem é?|Qui êtes-vous ?|Wer sind Sie?
whoAmIHelp|This browser remembers it, so that “Mine” shows what you look after.|Este navegador lo recuerda para que «Míos» muestre lo que usted atiende.|Este navegador lembra-se, para que «Meus» mostre o que está a seu cargo.|Ce navigateur s’en souvient, pour que « Les miens » montre ce dont vous vous occupez.|Dieser Browser merkt es sich, damit „Meine“ zeigt, worum Sie sich kümmern.
noMembers|Your team has no members yet. Whoever runs this adds them.|Su equipo aún no tiene miembros. Los añade quien administra esto.|A sua equipa ainda não tem membros. Quem administra isto adiciona-os.|Votre équipe n’a pas encore de membres. L’administrateur les ajoute.|Ihr Team hat noch keine Mitglieder. Wer das betreut, legt sie an.
you|You are|Usted es|É|Vous êtes|Sie sind
nobodys|Nobody’s|De nadie|De ninguém|De personne|Niemandes
nobody|Nobody|Nadie|Ninguém|Personne|Niemand
saveView|Save view|Guardar vista|Guardar vista|Enregistrer la vue|Ansicht speichern
viewName|Name of the view|Nombre de la vista|Nome da vista|Nom de la vue|Name der Ansicht
viewSaved|Saved as “{0}”. This browser remembers it.|Guardada como «{0}». Este navegador la recuerda.|Guardada como «{0}». Este navegador lembra-se dela.|Enregistrée sous « {0} ». Ce navigateur s’en souvient.|Als „{0}“ gespeichert. Dieser Browser merkt sie sich.
removeView|Remove view|Quitar vista|Remover vista|Supprimer la vue|Ansicht entfernen
viewRemoved|“{0}” is removed.|«{0}» se ha quitado.|«{0}» foi removida.|« {0} » est supprimée.|„{0}“ ist entfernt.
reset|Reset|Restablecer|Repor|Rétablir|Zurücksetzen
newLeads|{0} new leads.|{0} contactos nuevos.|{0} contactos novos.|{0} nouveaux prospects.|{0} neue Anfragen.
newLeadsOne|1 new lead.|1 contacto nuevo.|1 contacto novo.|1 nouveau prospect.|1 neue Anfrage.
showNew|Show|Mostrar|Mostrar|Afficher|Zeigen
addFilter|Add filter|Añadir filtro|Adicionar filtro|Ajouter un filtre|Filter hinzufügen
filters|Filters|Filtros|Filtros|Filtres|Filter
filtersSet|Filters, {0} set|Filtros, {0} activos|Filtros, {0} ativos|Filtres, {0} actifs|Filter, {0} gesetzt
remove|Remove filter {0}: {1}|Quitar filtro {0}: {1}|Remover filtro {0}: {1}|Retirer le filtre {0} : {1}|Filter entfernen, {0}: {1}
status|Status|Estado|Estado|Statut|Status
owner|Owner|Responsable|Responsável|Responsable|Zuständig
form|Form|Formulario|Formulário|Formulaire|Formular
source|Source|Origen|Origem|Source|Herkunft
tag|Tag|Etiqueta|Etiqueta|Étiquette|Schlagwort
apply|Show|Mostrar|Mostrar|Afficher|Zeigen
close|Close|Cerrar|Fechar|Fermer|Schließen
any|Any|Cualquiera|Qualquer|Peu importe|Beliebig
lead|Lead|Contacto|Contacto|Prospect|Anfrage
from|Came from|Llegó por|Veio de|Venu par|Kam über
score|Score|Puntos|Pontos|Score|Punkte
when|Came in|Llegó|Chegou|Arrivé|Eingang
name|Name|Nombre|Nome|Nom|Name
sortBy|Sort by {0}|Ordenar por {0}|Ordenar por {0}|Trier par {0}|Nach {0} sortieren
caption|Leads, {0}|Contactos, {0}|Contactos, {0}|Prospects, {0}|Anfragen, {0}
newest|newest first|los más nuevos primero|os mais recentes primeiro|les plus récents d’abord|neueste zuerst
oldest|oldest first|los más antiguos primero|os mais antigos primeiro|les plus anciens d’abord|älteste zuerst
byName|by name|por nombre|por nome|par nom|nach Namen
byScore|by score|por puntos|por pontos|par score|nach Punkten
range|{0}–{1} of {2}|{0}–{1} de {2}|{0}–{1} de {2}|{0}–{1} sur {2}|{0}–{1} von {2}
rangeOnly|{0}–{1}|{0}–{1}|{0}–{1}|{0}–{1}|{0}–{1}
about|more than {0}|más de {0}|mais de {0}|plus de {0}|mehr als {0}
previous|Previous|Anterior|Anterior|Précédent|Zurück
next|Next|Siguiente|Seguinte|Suivant|Weiter
noLeads|No leads yet|Aún no hay contactos|Ainda não há contactos|Pas encore de prospects|Noch keine Anfragen
noLeadsHelp|A lead appears here when somebody sends one of your forms, or when you add one.|Aquí aparece un contacto cuando alguien envía un formulario suyo o cuando usted añade uno.|Um contacto aparece aqui quando alguém envia um dos seus formulários ou quando adiciona um.|Un prospect apparaît ici quand quelqu’un envoie l’un de vos formulaires ou quand vous en ajoutez un.|Eine Anfrage erscheint hier, wenn jemand eines Ihrer Formulare sendet oder Sie eine anlegen.
noMatch|Nothing matches|Nada coincide|Nada corresponde|Aucun résultat|Nichts gefunden
noMatchHelp|No lead has all of this.|Ningún contacto tiene todo esto.|Nenhum contacto tem tudo isto.|Aucun prospect n’a tout cela.|Keine Anfrage hat all das.
clear|Clear filters|Quitar filtros|Limpar filtros|Effacer les filtres|Filter löschen
select|Select {0}|Seleccionar {0}|Selecionar {0}|Sélectionner {0}|{0} auswählen
selectAll|Select all on this page|Seleccionar todos en esta página|Selecionar todos nesta página|Tout sélectionner sur cette page|Alle auf dieser Seite auswählen
selected|{0} selected|{0} seleccionados|{0} selecionados|{0} sélectionnés|{0} ausgewählt
setStatus|Set status|Poner estado|Definir estado|Définir le statut|Status setzen
setOwner|Set owner|Poner responsable|Definir responsável|Définir le responsable|Zuständigkeit setzen
changed|{0} changed.|{0} cambiados.|{0} alterados.|{0} modifiés.|{0} geändert.
changedOne|1 changed.|1 cambiado.|1 alterado.|1 modifié.|1 geändert.
notChanged|{0} could not be changed: {1}|No se pudo cambiar {0}: {1}|Não foi possível alterar {0}: {1}|{0} n’a pas pu être modifié : {1}|{0} ließ sich nicht ändern: {1}
noEmail|No e-mail yet|Aún sin correo|Ainda sem e-mail|Pas encore d’e-mail|Noch keine E-Mail
unnamed|No name yet|Aún sin nombre|Ainda sem nome|Pas encore de nom|Noch ohne Namen
new|New|Nuevo|Novo|Nouveau|Neu
working|Working|En curso|Em curso|En cours|In Arbeit
qualified|Qualified|Calificado|Qualificado|Qualifié|Qualifiziert
unqualified|Not a fit|No encaja|Não serve|Sans suite|Passt nicht
converted|Customer|Cliente|Cliente|Client|Kunde
position|{0} of {1}|{0} de {1}|{0} de {1}|{0} sur {1}|{0} von {1}
noStatusBack|A customer stays one.|Un cliente sigue siéndolo.|Um cliente continua a sê-lo.|Un client le reste.|Ein Kunde bleibt es.
call|Call|Llamar|Telefonar|Appeler|Anrufen
write|Write|Escribir|Escrever|Écrire|Schreiben
makeCustomer|Make a customer|Hacer cliente|Tornar cliente|Passer en client|Zum Kunden machen
makeCustomerAsk|Make {0} a customer?|¿Hacer cliente a {0}?|Tornar {0} cliente?|Faire de {0} un client ?|{0} zum Kunden machen?
makeCustomerHelp|What is known of them goes along. This cannot be taken back here.|Lo que se sabe de la persona va con ella. Aquí no se puede deshacer.|O que se sabe da pessoa vai com ela. Aqui não pode ser desfeito.|Ce que l’on sait de la personne la suit. C’est irréversible ici.|Was bekannt ist, geht mit. Hier lässt sich das nicht zurücknehmen.
madeCustomer|{0} is a customer now.|{0} ya es cliente.|{0} já é cliente.|{0} est maintenant client.|{0} ist jetzt Kunde.
edit|Edit|Editar|Editar|Modifier|Bearbeiten
editLead|Edit {0}|Editar {0}|Editar {0}|Modifier {0}|{0} bearbeiten
save|Save|Guardar|Guardar|Enregistrer|Speichern
saving|Saving…|Guardando…|A guardar…|Enregistrement…|Wird gespeichert…
saved|Saved.|Guardado.|Guardado.|Enregistré.|Gespeichert.
cancel|Cancel|Cancelar|Cancelar|Annuler|Abbrechen
suggested|Suggested change|Cambio sugerido|Alteração sugerida|Modification suggérée|Vorgeschlagene Änderung
suggestedMany|Suggested changes|Cambios sugeridos|Alterações sugeridas|Modifications suggérées|Vorgeschlagene Änderungen
accept|Accept|Aceptar|Aceitar|Accepter|Annehmen
dismiss|Dismiss|Descartar|Descartar|Ignorer|Verwerfen
acceptOf|Accept {0}: {1}|Aceptar {0}: {1}|Aceitar {0}: {1}|Accepter {0} : {1}|{0} annehmen: {1}
dismissOf|Dismiss {0}: {1}|Descartar {0}: {1}|Descartar {0}: {1}|Ignorer {0} : {1}|{0} verwerfen: {1}
accepted|{0} is {1} now.|{0} es ahora {1}.|{0} é agora {1}.|{0} est maintenant {1}.|{0} ist jetzt {1}.
dismissed|Dismissed. The entry keeps it.|Descartado. La entrada lo conserva.|Descartado. A entrada conserva-o.|Ignoré. L’envoi le conserve.|Verworfen. Der Eintrag behält es.
becomes|becomes|pasa a ser|passa a ser|devient|wird zu
notKept|{0} more are in the entries only: there was no room to keep them here.|Otros {0} están solo en las entradas: aquí no había sitio.|Mais {0} estão só nas entradas: aqui não havia lugar.|{0} autres ne sont que dans les envois : il n’y avait plus de place ici.|{0} weitere stehen nur in den Einträgen: hier war kein Platz.
timeline|Timeline|Historial|Histórico|Historique|Verlauf
today|Today|Hoy|Hoje|Aujourd’hui|Heute
todayAt|today {0}|hoy {0}|hoje {0}|aujourd’hui {0}|heute {0}
yesterday|Yesterday|Ayer|Ontem|Hier|Gestern
older|Older|Anteriores|Anteriores|Plus anciens|Ältere
noTimeline|Nothing has happened yet.|Aún no ha pasado nada.|Ainda nada aconteceu.|Il ne s’est encore rien passé.|Noch ist nichts geschehen.
path|How they came|Cómo llegó|Como chegou|Comment il est venu|Wie sie kamen
first|First|Primero|Primeiro|Premier|Zuerst
last|Last|Último|Último|Dernier|Zuletzt
noPath|Not known: the lead was added by hand.|No se sabe: se añadió a mano.|Não se sabe: foi adicionado à mão.|Inconnu : le prospect a été ajouté à la main.|Nicht bekannt: von Hand angelegt.
aboutLead|About|Datos|Dados|À propos|Angaben
notes|Notes|Notas|Notas|Notes|Notizen
notesHelp|Only your team reads this.|Solo lo lee su equipo.|Só a sua equipa lê isto.|Seule votre équipe lit ceci.|Das liest nur Ihr Team.
saveNotes|Save notes|Guardar notas|Guardar notas|Enregistrer les notes|Notizen speichern
tags|Tags|Etiquetas|Etiquetas|Étiquettes|Schlagwörter
addTag|Add tag|Añadir etiqueta|Adicionar etiqueta|Ajouter une étiquette|Schlagwort hinzufügen
add|Add|Añadir|Adicionar|Ajouter|Hinzufügen
removeTag|Remove tag {0}|Quitar etiqueta {0}|Remover etiqueta {0}|Retirer l’étiquette {0}|Schlagwort {0} entfernen
consent|Agreed to|Consentimiento|Consentimento|Consentement|Einwilligung
granted|Agreed|Acepta|Aceita|Accepté|Erteilt
withheld|Refused|Rechaza|Recusa|Refusé|Verweigert
email|E-mail|Correo|E-mail|E-mail|E-Mail
phone|Phone|Teléfono|Telefone|Téléphone|Telefon
company|Company|Empresa|Empresa|Société|Firma
jobTitle|Role|Cargo|Cargo|Fonction|Funktion
address|Address|Dirección|Morada|Adresse|Anschrift
language|Language|Idioma|Idioma|Langue|Sprache
timeZone|Time zone|Zona horaria|Fuso horário|Fuseau horaire|Zeitzone
bestTimeToCall|Best time to call|Mejor hora para llamar|Melhor hora para telefonar|Meilleur moment pour appeler|Beste Zeit für Anrufe
interest|Interest|Interés|Interesse|Intérêt|Interesse
message|Message|Mensaje|Mensagem|Message|Nachricht
salutation|Title|Tratamiento|Tratamento|Civilité|Anrede
firstName|First name|Nombre|Nome próprio|Prénom|Vorname
middleName|Middle name|Segundo nombre|Nome do meio|Deuxième prénom|Weiterer Vorname
lastName|Last name|Apellido|Apelido|Nom|Nachname
externalId|Number elsewhere|Número en otro sistema|Número noutro sistema|Numéro ailleurs|Nummer anderswo
emails|E-mail|Correo|E-mail|E-mail|E-Mail
phones|Phone|Teléfono|Telefone|Téléphone|Telefon
address.line1|Street|Calle|Rua|Rue|Straße
address.line2|Flat, building|Piso, edificio|Andar, edifício|Appartement, bâtiment|Wohnung, Gebäude
address.city|City|Ciudad|Cidade|Ville|Ort
address.region|Region|Región|Região|Région|Region
address.postalCode|Postal code|Código postal|Código postal|Code postal|Postleitzahl
address.country|Country|País|País|Pays|Land
shared|Others have this number too.|Otros también tienen este número.|Outros também têm este número.|D’autres ont aussi ce numéro.|Andere haben diese Nummer auch.
leadGone|This lead is not here any more|Este contacto ya no está aquí|Este contacto já não está aqui|Ce prospect n’est plus là|Diese Anfrage ist nicht mehr hier
leadGoneHelp|It was deleted, or it is another person’s now.|Se borró o ahora es de otra persona.|Foi apagado ou agora é de outra pessoa.|Il a été supprimé ou il est à une autre personne.|Sie wurde gelöscht oder gehört jetzt zu jemand anderem.
toLeads|To the leads|A los contactos|Para os contactos|Vers les prospects|Zu den Anfragen
byForm|Form “{0}”|Formulario «{0}»|Formulário «{0}»|Formulaire « {0} »|Formular „{0}“
byFormOnly|A form|Un formulario|Um formulário|Un formulaire|Ein Formular
byKey|Typed in, {0}|Escrito a mano, {0}|Escrito à mão, {0}|Saisi, {0}|Eingetippt, {0}
byKeyOnly|Typed in|Escrito a mano|Escrito à mão|Saisi|Eingetippt
byMember|Typed by {0}|Escrito por {0}|Escrito por {0}|Saisi par {0}|Eingetippt von {0}
byLead|A lead that was joined|Un contacto que se unió|Um contacto que foi unido|Un prospect fusionné|Eine zusammengeführte Anfrage
bySystem|The product|El producto|O produto|Le produit|Das Programm
sentForm|Sent form “{0}”|Envió el formulario «{0}»|Enviou o formulário «{0}»|A envoyé le formulaire « {0} »|Hat das Formular „{0}“ gesendet
sentFormOnly|Sent a form|Envió un formulario|Enviou um formulário|A envoyé un formulaire|Hat ein Formular gesendet
addedByHand|Added by hand|Añadido a mano|Adicionado à mão|Ajouté à la main|Von Hand angelegt
changedFields|Changed: {0}|Cambió: {0}|Alterado: {0}|Modifié : {0}|Geändert: {0}
changedFieldsOnly|Changed|Cambiado|Alterado|Modifié|Geändert
statusMoved|Status: {0} → {1}|Estado: {0} → {1}|Estado: {0} → {1}|Statut : {0} → {1}|Status: {0} → {1}
ownerMoved|Owner: {0} → {1}|Responsable: {0} → {1}|Responsável: {0} → {1}|Responsable : {0} → {1}|Zuständig: {0} → {1}
clicked|Clicked link “{0}”|Pulsó el enlace «{0}»|Clicou no link «{0}»|A cliqué sur le lien « {0} »|Hat den Link „{0}“ geklickt
clickedOnly|Clicked a link|Pulsó un enlace|Clicou num link|A cliqué sur un lien|Hat einen Link geklickt
mentioned|Named by an entry that waits|Lo nombra una entrada en espera|Referido por uma entrada em espera|Cité par un envoi en attente|Genannt von einem wartenden Eintrag
converted2|Became a customer|Pasó a ser cliente|Tornou-se cliente|Est devenu client|Wurde Kunde
merged|Joined with another lead|Unido con otro contacto|Unido a outro contacto|Fusionné avec un autre prospect|Mit einer anderen Anfrage zusammengeführt
unmerged|Taken apart from another lead|Separado de otro contacto|Separado de outro contacto|Séparé d’un autre prospect|Von einer anderen Anfrage getrennt
changeAccepted|Accepted: {0}|Aceptado: {0}|Aceite: {0}|Accepté : {0}|Angenommen: {0}
changeDismissed|Dismissed: {0}|Descartado: {0}|Descartado: {0}|Ignoré : {0}|Verworfen: {0}
detached|An entry was taken out|Se sacó una entrada|Uma entrada foi retirada|Un envoi a été retiré|Ein Eintrag wurde herausgenommen
spam|An entry was put away as spam|Una entrada se apartó como spam|Uma entrada foi posta de parte como spam|Un envoi a été écarté comme spam|Ein Eintrag wurde als Spam weggelegt
heldAgain|An entry was taken back|Se retiró una entrada|Uma entrada foi retirada de novo|Un envoi a été repris|Ein Eintrag wurde zurückgenommen
restored|Taken apart from another lead|Separado de otro contacto|Separado de outro contacto|Séparé d’un autre prospect|Von einer anderen Anfrage getrennt
customerUnclear|Bought, and it is not clear as which customer|Compró y no está claro como qué cliente|Comprou e não é claro como que cliente|A acheté, sans que l’on sache comme quel client|Hat gekauft, unklar als welcher Kunde
touchPageView|Saw a page|Vio una página|Viu uma página|A vu une page|Hat eine Seite gesehen
touchFormView|Saw a form|Vio un formulario|Viu um formulário|A vu un formulaire|Hat ein Formular gesehen
touchFormStart|Began a form|Empezó un formulario|Começou um formulário|A commencé un formulaire|Hat ein Formular begonnen
touchOutbound|Left for another site|Salió a otro sitio|Saiu para outro site|Est parti vers un autre site|Ging zu einer anderen Website
touchDownload|Downloaded a file|Descargó un archivo|Descarregou um ficheiro|A téléchargé un fichier|Hat eine Datei geladen
touchOpen|Opened an e-mail|Abrió un correo|Abriu um e-mail|A ouvert un e-mail|Hat eine E-Mail geöffnet
touchView|Saw something|Vio algo|Viu algo|A vu quelque chose|Hat etwas gesehen
touchConversion|Bought or signed up|Compró o se registró|Comprou ou registou-se|A acheté ou s’est inscrit|Hat gekauft oder sich angemeldet
touchEvent|Did something on a page|Hizo algo en una página|Fez algo numa página|A fait quelque chose sur une page|Hat auf einer Seite etwas getan
touchImpression|Saw an advertisement|Vio un anuncio|Viu um anúncio|A vu une publicité|Hat eine Anzeige gesehen
touchCall|Call|Llamada|Chamada|Appel|Anruf
touchVisit|Visit|Visita|Visita|Visite|Besuch
touchMeeting|Meeting|Reunión|Reunião|Réunion|Treffen
purchased|Bought for {0}|Compró por {0}|Comprou por {0}|A acheté pour {0}|Hat für {0} gekauft
purchasedOnly|Bought|Compró|Comprou|A acheté|Hat gekauft
happened|Something happened|Pasó algo|Algo aconteceu|Quelque chose s’est passé|Etwas ist geschehen
by|by {0}|por {0}|por {0}|par {0}|von {0}
sentDetails|What was sent|Lo que se envió|O que foi enviado|Ce qui a été envoyé|Was gesendet wurde
takeOut|Not this person|No es esta persona|Não é esta pessoa|Pas cette personne|Nicht diese Person
takeOutHelp|Makes a lead of its own of this entry.|Hace de esta entrada un contacto propio.|Faz desta entrada um contacto próprio.|Fait de cet envoi un prospect à part.|Macht aus dem Eintrag eine eigene Anfrage.
takenOut|The entry is a lead of its own now.|La entrada es ahora un contacto propio.|A entrada é agora um contacto próprio.|L’envoi est maintenant un prospect à part.|Der Eintrag ist jetzt eine eigene Anfrage.
openIt|Open it|Abrirlo|Abrir|L’ouvrir|Öffnen
linkSource|Link|Enlace|Link|Lien|Link
formSource|Form|Formulario|Formulário|Formulaire|Formular
campaignSource|Campaign|Campaña|Campanha|Campagne|Kampagne
affiliateSource|Affiliate|Afiliado|Afiliado|Affilié|Partner
handSource|Added by hand|Añadido a mano|Adicionado à mão|Ajouté à la main|Von Hand angelegt
organic-search|Search|Búsqueda|Pesquisa|Recherche|Suche
paid-search|Paid search|Búsqueda de pago|Pesquisa paga|Recherche payante|Bezahlte Suche
organic-social|Social media|Redes sociales|Redes sociais|Réseaux sociaux|Soziale Medien
paid-social|Paid social media|Redes sociales de pago|Redes sociais pagas|Réseaux sociaux payants|Bezahlte soziale Medien
email2|E-mail|Correo|E-mail|E-mail|E-Mail
referral|Another site|Otro sitio|Outro site|Un autre site|Andere Website
direct|Direct|Directo|Direto|Direct|Direkt
affiliates|Affiliates|Afiliados|Afiliados|Affiliés|Partner
display|Display|Anuncios gráficos|Anúncios gráficos|Bannières|Banner
organic-video|Video|Vídeo|Vídeo|Vidéo|Video
paid-video|Paid video|Vídeo de pago|Vídeo pago|Vidéo payante|Bezahltes Video
organic-shopping|Shopping|Compras|Compras|Shopping|Shopping
paid-shopping|Paid shopping|Compras de pago|Compras pagas|Shopping payant|Bezahltes Shopping
cross-network|Cross-network|Varias redes|Várias redes|Plusieurs réseaux|Mehrere Netzwerke
paid-other|Other paid|Otros de pago|Outros pagos|Autres payants|Andere bezahlte
audio|Audio|Audio|Áudio|Audio|Audio
sms|SMS|SMS|SMS|SMS|SMS
mobile-push|Push|Push|Push|Push|Push
unassigned|Not known|No se sabe|Não se sabe|Inconnu|Nicht bekannt
nothingWaits|Nothing is waiting|Nada espera|Nada em espera|Rien n’attend|Nichts wartet
nothingWaitsHelp|Entries that look odd stop here until you decide.|Las entradas raras se quedan aquí hasta que usted decida.|As entradas estranhas ficam aqui até decidir.|Les envois douteux s’arrêtent ici jusqu’à votre décision.|Auffällige Einträge bleiben hier, bis Sie entscheiden.
nothingHere|None of these|Ninguna|Nenhuma|Aucun|Keine davon
held|Held|Retenida|Retida|Retenu|Zurückgehalten
refusedTab|Refused|Rechazada|Recusada|Refusé|Abgelehnt
notRead|Not read|No leída|Não lida|Non lu|Nicht gelesen
spamTab|Spam|Spam|Spam|Spam|Spam
oldestPage|Back to the newest|Volver a las más nuevas|Voltar às mais recentes|Retour aux plus récents|Zurück zu den neuesten
approve|Approve|Aprobar|Aprovar|Approuver|Annehmen
addTo|Add to {0}|Añadir a {0}|Juntar a {0}|Ajouter à {0}|Zu {0} hinzufügen
newLead|New lead|Contacto nuevo|Contacto novo|Nouveau prospect|Neue Anfrage
spamDo|Spam|Spam|Spam|Spam|Spam
looksLike|Looks like|Se parece a|Parece ser|Ressemble à|Sieht aus wie
anonymous|Somebody|Alguien|Alguém|Quelqu’un|Jemand
allFields|All that was sent|Todo lo enviado|Tudo o que foi enviado|Tout ce qui a été envoyé|Alles, was gesendet wurde
noFields|Nothing could be read of it.|No se pudo leer nada.|Nada pôde ser lido.|Rien n’a pu être lu.|Davon war nichts lesbar.
approved|The entry is a lead now.|La entrada ya es un contacto.|A entrada já é um contacto.|L’envoi est maintenant un prospect.|Der Eintrag ist jetzt eine Anfrage.
approvedNobody|Off the list. It does not say who they are, so it is no lead.|Fuera de la lista. No dice quién es, así que no es un contacto.|Fora da lista. Não diz quem é, por isso não é um contacto.|Retiré de la liste. Il ne dit pas qui c’est, ce n’est donc pas un prospect.|Von der Liste. Er sagt nicht, wer es ist, also keine Anfrage.
addedTo|Added to {0}.|Añadido a {0}.|Junto a {0}.|Ajouté à {0}.|Zu {0} hinzugefügt.
nowSpam|Put away as spam.|Apartado como spam.|Posto de parte como spam.|Écarté comme spam.|Als Spam weggelegt.
undo|Undo|Deshacer|Desfazer|Annuler|Rückgängig
back|It waits again.|Vuelve a esperar.|Está de novo em espera.|Il attend de nouveau.|Er wartet wieder.
backInLead|It is with the lead again.|Vuelve a estar con el contacto.|Está de novo com o contacto.|Il est de nouveau avec le prospect.|Er ist wieder bei der Anfrage.
stillWaits|It still waits: {0}|Sigue esperando: {0}|Continua em espera: {0}|Il attend toujours : {0}|Er wartet noch: {0}
nobodyNamed|Nothing in it says who it is: no lead can be made of it.|Nada en ella dice quién es: no puede ser un contacto.|Nada nela diz quem é: não pode ser um contacto.|Rien n’y dit qui c’est : on ne peut en faire un prospect.|Nichts darin sagt, wer es ist: daraus wird keine Anfrage.
formGone|Its form does not exist any more.|Su formulario ya no existe.|O formulário já não existe.|Son formulaire n’existe plus.|Das Formular gibt es nicht mehr.
honeypot|a hidden field was filled in|se rellenó un campo oculto|um campo escondido foi preenchido|un champ caché a été rempli|ein verstecktes Feld war ausgefüllt
too_fast|filled in too fast|se rellenó demasiado deprisa|preenchido depressa demais|rempli trop vite|zu schnell ausgefüllt
forged_time|its time was tampered with|se alteró su hora|a hora foi falsificada|son heure a été falsifiée|die Zeit wurde gefälscht
limited|came with very many others|llegó con muchísimas otras|veio com muitíssimas outras|arrivé avec beaucoup d’autres|kam mit sehr vielen anderen
two_leads_match|it names two leads|nombra a dos contactos|refere dois contactos|il désigne deux prospects|nennt zwei Anfragen
phone_shared|another lead has its phone number|otro contacto tiene su teléfono|outro contacto tem o seu telefone|un autre prospect a son numéro|eine andere Anfrage hat die Telefonnummer
takenBack|somebody took it back|alguien la retiró|alguém a retirou|quelqu’un l’a repris|jemand nahm ihn zurück
duplicate|they are a lead already|ya es un contacto|já é um contacto|c’est déjà un prospect|gibt es schon als Anfrage
form_closed|the form is closed|el formulario está cerrado|o formulário está fechado|le formulaire est fermé|das Formular ist geschlossen
origin_not_allowed|sent from a page that may not|enviada desde una página no permitida|enviada de uma página não permitida|envoyé d’une page non autorisée|von einer Seite, die das nicht darf
spamReason|somebody put it away|alguien la apartó|alguém a pôs de parte|quelqu’un l’a écarté|jemand legte ihn weg
error|an error on our side|un error nuestro|um erro nosso|une erreur de notre côté|ein Fehler bei uns
contention|too many changes at once|demasiados cambios a la vez|demasiadas alterações ao mesmo tempo|trop de modifications à la fois|zu viele Änderungen auf einmal
validation_failed|something needed is missing|falta algo necesario|falta algo necessário|il manque quelque chose|etwas Nötiges fehlt
duplicate_submission|they sent it before|ya la había enviado|já a tinha enviado|déjà envoyé|schon einmal gesendet
invalid|something in it is not valid|algo en ella no es válido|algo nela não é válido|quelque chose n’y est pas valable|etwas darin ist ungültig
body_malformed|the text could not be read|no se pudo leer el texto|o texto não pôde ser lido|le texte était illisible|der Text war nicht lesbar
body_too_large|too large|demasiado grande|grande demais|trop volumineux|zu groß
media_type_unsupported|of a kind that is not known|de un tipo desconocido|de um tipo desconhecido|d’un type inconnu|von unbekannter Art
otherReason|it did not fit the form|no encajó en el formulario|não se ajustou ao formulário|ne correspondait pas au formulaire|passte nicht zum Formular
addTitle|Add lead|Añadir contacto|Adicionar contacto|Ajouter un prospect|Anfrage anlegen
addHelp|A name, a company, an e-mail or a phone number is enough.|Basta un nombre, una empresa, un correo o un teléfono.|Basta um nome, uma empresa, um e-mail ou um telefone.|Un nom, une société, un e-mail ou un téléphone suffit.|Ein Name, eine Firma, eine E-Mail oder eine Telefonnummer genügt.
added|{0} is a lead now.|{0} ya es un contacto.|{0} já é um contacto.|{0} est maintenant un prospect.|{0} ist jetzt angelegt.
problemOne|One thing needs a change|Hay que cambiar una cosa|É preciso mudar uma coisa|Une chose est à changer|Eines ist zu ändern
problemMany|{0} things need a change|Hay que cambiar {0} cosas|É preciso mudar {0} coisas|{0} choses sont à changer|{0} Dinge sind zu ändern
errorTitle|Error: {0}|Error: {0}|Erro: {0}|Erreur : {0}|Fehler: {0}
requiredAny|Fill in a name, a company, an e-mail or a phone number.|Rellene un nombre, una empresa, un correo o un teléfono.|Preencha um nome, uma empresa, um e-mail ou um telefone.|Indiquez un nom, une société, un e-mail ou un téléphone.|Bitte Name, Firma, E-Mail oder Telefonnummer ausfüllen.
invalid_email|Enter a full address, like ana@example.org.|Escriba un correo completo, como ana@example.org.|Escreva um e-mail completo, como ana@example.org.|Saisissez une adresse complète, comme ana@example.org.|Bitte eine vollständige Adresse wie ana@example.org.
invalid_phone|Enter a number with area code, like {0}.|Escriba un teléfono con prefijo, como {0}.|Escreva um número com código de área, como {0}.|Saisissez un numéro complet, comme {0}.|Bitte eine Nummer mit Vorwahl wie {0}.
taken|Another lead has this.|Otro contacto lo tiene.|Outro contacto tem isto.|Un autre prospect l’a.|Eine andere Anfrage hat das.
takenOpen|Open {0}|Abrir {0}|Abrir {0}|Ouvrir {0}|{0} öffnen
too_long|This is too long.|Es demasiado largo.|É longo demais.|C’est trop long.|Das ist zu lang.
checkThis|Check this.|Revise esto.|Verifique isto.|Vérifiez ceci.|Bitte prüfen.
csvReading|Reading leads: {0}|Leyendo contactos: {0}|A ler contactos: {0}|Lecture des prospects : {0}|Anfragen werden gelesen: {0}
csvDone|{0} leads are in the file.|Hay {0} contactos en el archivo.|Há {0} contactos no ficheiro.|{0} prospects sont dans le fichier.|{0} Anfragen sind in der Datei.
csvCut|The file has the first {0} leads. Filter for the others.|El archivo tiene los primeros {0} contactos. Filtre para ver los demás.|O ficheiro tem os primeiros {0} contactos. Filtre para os outros.|Le fichier contient les {0} premiers prospects. Filtrez pour les autres.|Die Datei hat die ersten {0} Anfragen. Filtern Sie für die anderen.
csvNone|There is no lead to download.|No hay contactos que descargar.|Não há contactos para descarregar.|Aucun prospect à télécharger.|Es gibt keine Anfrage zu laden.
columns|First name;Last name;E-mail;Phone;Company;Role;Status;Owner;Score;Tags;Came from;Channel;City;Country;Interest;Message;Notes;Came in;Changed|Nombre;Apellido;Correo;Teléfono;Empresa;Cargo;Estado;Responsable;Puntos;Etiquetas;Llegó por;Canal;Ciudad;País;Interés;Mensaje;Notas;Llegó;Cambiado|Nome próprio;Apelido;E-mail;Telefone;Empresa;Cargo;Estado;Responsável;Pontos;Etiquetas;Veio de;Canal;Cidade;País;Interesse;Mensagem;Notas;Chegou;Alterado|Prénom;Nom;E-mail;Téléphone;Société;Fonction;Statut;Responsable;Score;Étiquettes;Venu par;Canal;Ville;Pays;Intérêt;Message;Notes;Arrivé;Modifié|Vorname;Nachname;E-Mail;Telefon;Firma;Funktion;Status;Zuständig;Punkte;Schlagwörter;Kam über;Kanal;Ort;Land;Interesse;Nachricht;Notizen;Eingang;Geändert
keysTitle|Keyboard|Teclado|Teclado|Clavier|Tastatur
keysOn|Single-letter keys|Teclas de una letra|Teclas de uma letra|Touches d’une lettre|Einzelne Buchstabentasten
keysHelp|They do nothing while you type.|No hacen nada mientras escribe.|Não fazem nada enquanto escreve.|Elles ne font rien pendant que vous tapez.|Beim Tippen tun sie nichts.
keyFind|Find|Buscar|Procurar|Trouver|Suchen
keyNext|Next row|Fila siguiente|Linha seguinte|Ligne suivante|Nächste Zeile
keyBefore|Row before|Fila anterior|Linha anterior|Ligne précédente|Zeile davor
keySelect|Select the row|Seleccionar la fila|Selecionar a linha|Sélectionner la ligne|Zeile auswählen
keyAdd|Add a lead|Añadir un contacto|Adicionar um contacto|Ajouter un prospect|Anfrage anlegen
keyLeads|Leads|Contactos|Contactos|Prospects|Anfragen
keyWaiting|Waiting|En espera|Em espera|En attente|Wartet
keyReports|Reports|Informes|Relatórios|Rapports|Berichte
keyHelp2|This list|Esta lista|Esta lista|Cette liste|Diese Liste
keyApprove|Approve the entry|Aprobar la entrada|Aprovar a entrada|Approuver l’envoi|Eintrag annehmen
keyNew|Make a new lead of it|Hacer un contacto nuevo|Fazer um contacto novo|En faire un nouveau prospect|Neue Anfrage daraus machen
keySpam|Spam|Spam|Spam|Spam|Spam
justNow|just now|ahora mismo|agora mesmo|à l’instant|gerade eben
minutes|{0} min ago|hace {0} min|há {0} min|il y a {0} min|vor {0} Min.
hours|{0} h ago|hace {0} h|há {0} h|il y a {0} h|vor {0} Std.
at|{0}, {1}|{0}, {1}|{0}, {1}|{0}, {1}|{0}, {1}
notFound|We cannot find this page|No encontramos esta página|Não encontramos esta página|Page introuvable|Diese Seite gibt es nicht
notFoundHelp|Check the address.|Revise la dirección.|Verifique o endereço.|Vérifiez l’adresse.|Prüfen Sie die Adresse.
`;

/** In the table's order, as each calls itself. */
export const languages = { en: 'English', es: 'Español', pt: 'Português', fr: 'Français', de: 'Deutsch' };

/** The server says it in the page: what was chosen, or what the browser asks for. */
export const language = Object.hasOwn(languages, document.documentElement.lang) ? document.documentElement.lang : 'en';

const column = Object.keys(languages).indexOf(language) + 1;
const words = Object.assign(Object.create(null), Object.fromEntries(TABLE.trim().split('\n').map(line => line.split('|')).map(cells => [cells[0], cells[column]])));

/** The words for a name, with {0}, {1} filled in. */
export const t = (name, ...values) => (words[name] ?? name).replace(/\{(\d)\}/g, (_, at) => values[at] ?? '');

/** Whether there are words for it: codes that nobody foresaw have none, and are not shown. */
export const has = name => Object.hasOwn(words, name);

/** A line of several, as the columns of a file. */
export const list = name => words[name].split(';');

const locale = { en: 'en-GB', es: 'es-ES', pt: 'pt-PT', fr: 'fr-FR', de: 'de-DE' }[language];
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }), short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const number = new Intl.NumberFormat(language);

export const count = value => number.format(value);

/** 29 Nov 2026, 08:41, as the language writes it. */
export const moment = text => t('at', day.format(new Date(text)), clock.format(new Date(text)));

/** Beside a value: when it was given. */
export const since = text => (dayOf(text) === t('today') ? t('todayAt', clock.format(new Date(text))) : day.format(new Date(text)));

export const time = text => clock.format(new Date(text));

/** Today, Yesterday, or the date. */
export function dayOf(text) {
  const of = new Date(text), now = new Date();
  const days = Math.round((new Date(now.getFullYear(), now.getMonth(), now.getDate()) - new Date(of.getFullYear(), of.getMonth(), of.getDate())) / 864e5);
  return days === 0 ? t('today') : days === 1 ? t('yesterday') : day.format(of);
}

/** 4 min ago for a day, then the date, with its year when that is another one. */
export function ago(text) {
  const minutes = Math.floor((Date.now() - new Date(text)) / 6e4);
  if (minutes < 1) return t('justNow');
  if (minutes < 60) return t('minutes', minutes);
  if (minutes < 1440) return t('hours', Math.floor(minutes / 60));
  return new Date(text).getFullYear() === new Date().getFullYear() && dayOf(text) !== t('yesterday') ? short.format(new Date(text)) : dayOf(text);
}

/** An amount in the smallest unit of its currency. */
export function money(amount, currency) {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'code' });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}
