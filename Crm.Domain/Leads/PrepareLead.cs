// Saving a lead by hand: the same rules as for posts, and a note of who set what.

using Crm.Domain.People;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Leads;

public static class PrepareLead
{
    public static async ValueTask<Lead> Run(UnitOfWork work, Lead? before, Lead lead, FieldErrors errors, CancellationToken cancel)
    {
        var type = ResourceType.Of<Lead>();
        lead = await PrepareNumbers.Run(work, before, lead, cancel);
        var old = before ?? new Lead();
        var changed = new List<string>();
        foreach (var field in type.Fields)
            if (!field.IsReadOnly && !RecordChange.ValuesEqual(field.Get(old), field.Get(lead)))
                changed.Add(field.Name);
        foreach (var name in old.Custom.Keys.Union(lead.Custom.Keys))
            if (!Equals(old.Custom.GetValueOrDefault(name), lead.Custom.GetValueOrDefault(name)))
                changed.Add("custom." + name);
        return changed.Count == 0 ? lead : ApplyValues.WithProvenance(lead, work.By, work.Now, changed);
    }
}
