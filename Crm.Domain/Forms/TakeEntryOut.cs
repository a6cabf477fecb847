// Takes an entry out of the lead it was added to, with everything that only this entry brought: what it would be without it.

using System.Collections.Immutable;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.People;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Forms;

public static class TakeEntryOut
{
    /// <summary>Entries of one lead that are read to know what others brought.</summary>
    const int MostEntries = 5_000;

    /// <summary>Bytes of these entries: they are in memory together.</summary>
    const long MostBytes = 32 * 1024 * 1024;

    /// <summary>An entry of the lead, and what it brings to one.</summary>
    sealed record Part(Submission Entry, Intake? Intake)
    {
        public string By { get; } = Entry.Id.Text<Submission>();

        public IEnumerable<IncomingValue> Values => Intake?.Values ?? [];
        public IEnumerable<string> FormTags => Intake is null ? [] : Intake.Form.Form.Tags;

        public bool Brings(IncomingValue value) => Values.Any(own => own.Path == value.Path && ValuesAgree(own, value));

        static bool ValuesAgree(IncomingValue own, IncomingValue other) =>
            own switch
            {
                { Target: null, Path: "email" } => EmailAddress.Canonical((string)own.Value) == EmailAddress.Canonical((string)other.Value),
                { Target: null } => (string)own.Value == (string)other.Value,
                _ => RecordChange.ValuesEqual(own.Value, other.Value),
            };

        public IEnumerable<string> Items(string path) =>
            Values.Where(v => v.Path == path).SelectMany(v => v.Value is ImmutableArray<string> list ? list : []);
    }

    /// <summary>
    /// The lead without the entry. Its values go if nobody else sent or set them (provenance knows who set each), its proposals, consents
    /// and touches go; what another entry sent as well is that one's from now on. Null when the entry is in no lead any more.
    /// </summary>
    public static async ValueTask<TakenOut?> From(UnitOfWork work, Submission entry, CancellationToken cancel)
    {
        if (entry.Lead is not { } id || await work.Find<Lead>(id, cancel) is not { } lead)
            return null;
        var forms = new Dictionary<Id, PlannedForm?>();
        var (own, others) = (await PartOf(work, entry, forms, cancel), new List<Part>());
        foreach (var other in await OtherEntries(work, id, entry.Id, cancel))
            others.Add(await PartOf(work, other, forms, cancel));
        var (click, visitor) = await Freed(work, lead, own, others, cancel);
        var after = WithoutValues(lead, own, others);
        var proposals = Proposals(await ProposeChanges.Of(work, lead.Id, cancel, own.By), own, others);
        after = ProposeChanges.Counted(after, [.. proposals.Where(p => p.After is null).Select(p => p.Before)], []) with
        {
            Consent = after.Consent.RemoveAll(c => c.Submission == entry.Id),
            ProposedChangesNotKept = Math.Max(
                0,
                after.ProposedChangesNotKept - entry.Notes.Count(note => note.Code == SubmissionNote.ProposalNotKept)
            ),
            Tags = WithoutTags(after, own, others),
        };
        after = await WithoutTouches(after, own, others, visitor, cancel);
        return new(lead, (Lead)after.Tidy(), click, visitor, proposals);
    }

    /// <summary>Whether what is left says of nobody who it is.</summary>
    public static bool LeavesNobody(TakenOut taken)
    {
        var errors = new FieldErrors();
        taken.After.Check(errors);
        return errors.Any;
    }

    /// <summary>What was taken out but for what says who the lead is: for a lead that nothing else tells of.</summary>
    public static TakenOut WithIdentity(TakenOut taken) =>
        taken with
        {
            After = taken.After with
            {
                FirstName = taken.Before.FirstName,
                MiddleName = taken.Before.MiddleName,
                LastName = taken.Before.LastName,
                Emails = taken.Before.Emails,
                Phones = taken.Before.Phones,
                Company = taken.Before.Company,
                Provenance = taken.Before.Provenance,
            },
        };

    static async ValueTask<List<Submission>> OtherEntries(UnitOfWork work, Id lead, Id but, CancellationToken cancel)
    {
        var (type, found) = (ResourceType.Of<Submission>(), new List<Submission>());
        var filter = new Filter.And([
            new Filter.Compare("lead", Comparison.Eq, Key.Of(lead.Text<Lead>())),
            new Filter.In("verdict", [Key.Of("accepted"), Key.Of("merged")]),
        ]);
        var bytes = 0L;
        await foreach (var page in work.Store.Pages(new(type.Collection, filter, [], false, null, 500), cancel))
        {
            bytes += page.Bytes;
            if (bytes > MostBytes)
                throw new ProblemException(ProblemCodes.LimitReached, $"The lead's entries are more than {MostBytes / 1024 / 1024} MiB.");
            for (var i = 0; i < page.Count; i++)
                if (page[i].Id != but)
                    found.Add(type.FromRow<Submission>(page[i]));
            if (found.Count > MostEntries)
                throw new ProblemException(ProblemCodes.LimitReached, $"The lead has more than {MostEntries} entries.");
        }
        return found;
    }

    /// <summary>Reads the entry by its form as it is now; of a form that is gone only what is marked with the entry's id is
    /// known.</summary>
    static async ValueTask<Part> PartOf(UnitOfWork work, Submission entry, Dictionary<Id, PlannedForm?> forms, CancellationToken cancel)
    {
        if (entry.Form is not { } id)
            return new(entry, null);
        if (!forms.TryGetValue(id, out var form))
            forms[id] = form = await work.Find<Form>(id, cancel) is { } found ? new(work.Settings, found) : null;
        if (form is null)
            return new(entry, null);
        var intake = new Intake
        {
            Form = form,
            Post = KeptPost.Again(entry, form).Post,
            From = new(entry.Page, entry.Referrer, entry.Origin, entry.Ip, entry.UserAgent, entry.AcceptLanguage, entry.IdempotencyKey),
            Trust = Trust.Approved,
            Earlier = entry,
            Work = work,
            Submission = entry,
        };
        ReadFields.FieldsAreValid(intake);
        return new(entry, intake);
    }

    static Lead WithoutValues(Lead lead, Part own, List<Part> others)
    {
        var type = ResourceType.Of<Lead>();
        var notes = lead.Provenance;
        foreach (var value in own.Values)
        {
            var (path, target, given) = value;
            var sender = others.Find(other => other.Brings(value));
            var setBy = notes.LastOrDefault(note => note.Fields.Contains(path))?.By;
            if (sender is not null)
            {
                if (setBy == own.By)
                    Hand(path, sender);
                continue;
            }
            switch (path)
            {
                case "email" when target is null:
                    if (setBy == own.By || !IsByHand("emails"))
                        lead = lead with
                        {
                            Emails = lead.Emails.RemoveAll(e =>
                                EmailAddress.Canonical(e.Address!) == EmailAddress.Canonical((string)given)
                            ),
                        };
                    break;
                case "phone" when target is null:
                    if (setBy == own.By || !IsByHand("phones"))
                        lead = lead with { Phones = lead.Phones.RemoveAll(p => p.Number == (string)given) };
                    break;
                default:
                    if (given is ImmutableArray<string> list)
                    {
                        if (path != "tags" && !IsByHand(path) && target!.Get(lead) is ImmutableArray<string> held)
                            lead = target.With(type, lead, held.RemoveRange(list.Except(others.SelectMany(other => other.Items(path)))));
                    }
                    else if (setBy == own.By && ApplyValues.IsSame(path, target!.Get(lead), given))
                        lead = target.With(type, lead, null);
                    break;
            }
        }
        notes = [.. notes.Where(note => note.By != own.By && note.Fields.Length > 0)];
        var address = lead.Address == new Address() ? null : lead.Address;
        return lead with { Provenance = notes, Address = address };

        bool IsByHand(string path) => notes.Any(note => note.Fields.Contains(path) && !Id.TryParse<Submission>(note.By, out _));

        void Hand(string path, Part to)
        {
            notes = [.. notes.Select(note => note.By == own.By ? note with { Fields = note.Fields.Remove(path) } : note)];
            var at = notes.LastIndexOf(notes.LastOrDefault(note => note.By == to.By)!);
            notes =
                at >= 0
                    ? notes.SetItem(at, notes[at] with { Fields = notes[at].Fields.Add(path) })
                    : notes.Add(
                        new()
                        {
                            By = to.By,
                            At = to.Entry.CreatedAt,
                            Fields = [path],
                        }
                    );
        }
    }

    /// <summary>What the entry proposed goes with it, decided or not; what waits and another entry sent too is that one's.</summary>
    static List<(ProposedChange Before, ProposedChange? After)> Proposals(List<ProposedChange> proposals, Part own, List<Part> others)
    {
        return
        [
            .. proposals.Select(proposal =>
                proposal.IsOpen && others.Find(other => other.Values.Any(value => IsProposed(value, proposal))) is { } sender
                    ? (proposal, proposal with { By = sender.By, Submission = sender.Entry.Id, At = sender.Entry.CreatedAt })
                    : (proposal, (ProposedChange?)null)
            ),
        ];

        static bool IsProposed(IncomingValue value, ProposedChange proposal) =>
            proposal.Proposes(value.Path, ApplyValues.AsProposed(value));
    }

    /// <summary>Tags that the entry or its form gave, unless a member wrote the list since or another entry gave them too.</summary>
    static ImmutableArray<string> WithoutTags(Lead lead, Part own, List<Part> others)
    {
        if (lead.Provenance.Any(note => note.Fields.Contains("tags") && !Id.TryParse<Submission>(note.By, out _)))
            return lead.Tags;
        return lead.Tags.RemoveRange(Tags(own).Except(others.SelectMany(Tags)));

        static IEnumerable<string> Tags(Part part) => part.FormTags.Concat(part.Items("tags"));
    }

    static async ValueTask<Lead> WithoutTouches(Lead lead, Part own, List<Part> others, Visitor? visitor, CancellationToken cancel)
    {
        var known = others.Where(other => other.Intake is not null).ToList();
        var earliest = known.Count == 0 ? null : await AttachTouch.Of(known[0].Intake!, lead, cancel);
        var latest = known.Count < 2 ? earliest : await AttachTouch.Of(known[^1].Intake!, lead, cancel);
        var wasFirst = others.Count == 0 || own.Entry.Id.CompareTo(others[0].Entry.Id) < 0;
        return lead with
        {
            LastTouch = IsItsOwn(lead.LastTouch) ? latest?.Touch : lead.LastTouch,
            FirstTouch = IsItsOwn(lead.FirstTouch) ? earliest?.First : lead.FirstTouch,
            Source = wasFirst && lead.Source?.Form is { } form && form == own.Entry.Form ? earliest?.Source : lead.Source,
        };

        bool IsItsOwn(LeadTouch? touch) =>
            touch is not null
            && (touch.Submission == own.Entry.Id || visitor is not null && touch is { Kind: "view" } && touch.At == visitor.CreatedAt);
    }

    /// <summary>The click and the browser that are the lead's by this entry only.</summary>
    static async ValueTask<(Click?, Visitor?)> Freed(UnitOfWork work, Lead lead, Part own, List<Part> others, CancellationToken cancel)
    {
        if (own.Intake is null)
            return default;
        var came = await AttachTouch.Of(own.Intake, lead, cancel);
        var (click, visitor) = (came.Click?.Lead == lead.Id ? came.Click : null, came.Visitor?.Lead == lead.Id ? came.Visitor : null);
        foreach (var other in others)
            if (other.Intake is { } intake && (click is not null || visitor is not null))
            {
                if (visitor is not null && await AttachTouch.VisitorOf(intake, cancel) == visitor.Id)
                    visitor = null;
                if (click is not null && (await AttachTouch.Of(intake, lead, cancel)).Click?.Id == click.Id)
                    click = null;
            }
        return (click, visitor);
    }
}
